use super::*;
use crate::{Histogram, Score};

const NOW: i64 = 1_795_305_600_000; // 2026-11-22T00:00:00Z

fn read(body: &str) -> Result<File, Invalid> {
    csv(body.as_bytes(), &Options::default(), &Zone::utc(), NOW)
}

fn options(query: &[(&str, &str)]) -> Options {
    Options::parse(query.iter().copied(), &Zone::utc()).unwrap()
}

#[test]
fn cells_become_an_answer() {
    let file = read("score,at,comment,country,id\n9,2026-11-01T10:00:00Z,\"good, \"\"really\"\"\",Norway,\n")
        .unwrap();
    let answer = &file.answers[0];
    assert_eq!(answer.at, 1_793_527_200_000);
    assert_eq!(answer.message.score, Score::new(9));
    assert_eq!(answer.message.comment.as_deref(), Some("good, \"really\""));
    assert_eq!(answer.message.properties.get("country").map(String::as_str), Some("Norway"));
    assert_eq!(answer.message.id.unix_ms(), Some(1_793_527_200_000));
}

#[test]
fn real_files_read_as_published() {
    let file = |name| {
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/data/").to_owned() + name).unwrap()
    };
    let scores = |file: &File| file.answers.iter().filter_map(|a| a.message.score).collect::<Histogram>();

    let how = options(&[("columns", "at:date"), ("at_format", "%m/%d/%y %H:%M")]);
    let training = csv(&file("carpentries_instructor_training_2018.csv"), &how, &Zone::utc(), NOW).unwrap();
    let histogram = scores(&training);
    assert_eq!((training.rows, training.without_score, training.rejected), (967, 78, 0));
    assert_eq!((histogram.promoters(), histogram.passives(), histogram.detractors()), (501, 317, 71));

    let longterm =
        csv(&file("carpentries_longterm_2017.csv"), &Options::default(), &Zone::utc(), NOW).unwrap();
    let histogram = scores(&longterm);
    assert_eq!((longterm.rows, longterm.without_score, longterm.rejected), (476, 74, 0));
    assert_eq!((histogram.promoters(), histogram.passives(), histogram.detractors()), (215, 118, 69));
}

#[test]
fn the_same_file_has_the_same_ids_and_like_lines_differ() {
    let body = "score,at\n9,2026-11-01\n9,2026-11-01\n9,2026-11-02\n7,\n";
    let ids = |file: File| file.answers.iter().map(|a| a.message.id).collect::<Vec<_>>();
    let first = ids(read(body).unwrap());
    let mut unique = first.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), 4);
    let later = csv(body.as_bytes(), &Options::default(), &Zone::utc(), NOW + 5).unwrap();
    assert_eq!(ids(later), first);
}

#[test]
fn bad_lines_are_reported_by_number_and_others_kept() {
    let file =
        read("score,at\n9,2026-11-01\n11,\n7.5,\n\"8\n\",\n5,tomorrow\n6,2099-01-01\n8,,\n\n10,\n").unwrap();
    let lines: Vec<u64> = file.errors.iter().map(|e| e.line).collect();
    assert_eq!(file.answers.len(), 3, "{:?}", file.errors);
    assert_eq!(lines, [3, 4, 7, 8, 9]);
    assert_eq!((file.rows, file.rejected), (8, 5));
    assert!(file.errors[3].detail.contains("future"));
}

#[test]
fn a_broken_file_is_refused_whole() {
    for (body, word) in [
        ("", "empty"),
        ("\u{feff}\n\n", "empty"),
        ("score\n\"9\n8\n7\n", "quoting"),
        ("score,comment\n9,a \" in the middle\n", "quoting"),
        ("rating\n9\n", "rating"),
        ("score,score\n9,9\n", "twice"),
        ("score,\n9,x\n", "column name"),
    ] {
        let error = read(body).unwrap_err();
        assert!(error.detail.contains(word), "{body:?}: {error}");
    }
    assert!(csv(b"score\n\xff\n", &Options::default(), &Zone::utc(), NOW).is_err());
}

#[test]
fn json_lines_are_read_alike() {
    let body = "{\"score\":9,\"at\":\"2026-11-01T10:00:00+02:00\",\"plan\":\"pro\",\"seats\":5}\n\n{\"score\":\"8\"}\nnonsense\n{\"score\":null,\"comment\":\"x\"}\n";
    let file = ndjson(body.as_bytes(), &Options::default(), &Zone::utc(), NOW).unwrap();
    assert_eq!(file.answers.len(), 2);
    assert_eq!(file.answers[0].at, 1_793_520_000_000);
    assert_eq!(file.answers[0].message.properties.len(), 2);
    assert_eq!(file.errors.iter().map(|e| e.line).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(file.without_score, 1);
}

#[test]
fn parameters_are_checked() {
    let wrong = |name, value| Options::parse([(name, value)].into_iter(), &Zone::utc()).unwrap_err().pointer;
    for columns in ["date", "at:", ":date", "date:when", "at:a,at:b", ""] {
        assert_eq!(wrong("columns", columns), "columns", "{columns:?}");
    }
    assert_eq!(wrong("at_format", "%Q"), "at_format");
    assert_eq!(wrong("at", "soon"), "at");
    assert_eq!(wrong("color", "1"), "color");
    let missing = csv(b"score\n9\n", &options(&[("columns", "at:date")]), &Zone::utc(), NOW).unwrap_err();
    assert_eq!(missing.pointer, "columns");
}

#[test]
fn other_date_forms_are_read_in_the_zone_of_the_site() {
    let how = options(&[("at_format", "%m/%d/%y %H:%M")]);
    let file = csv(b"score,at\n9,9/8/18 15:29\n9,2018-09-08\n", &how, &Zone::utc(), NOW).unwrap();
    assert_eq!(file.answers[0].at, 1_536_420_540_000);
    assert_eq!(file.errors.len(), 1);
}

#[test]
fn an_export_comes_back_whole() {
    let csv = "id,at,score,comment,variant,lang,page,category,shown,dismissed,seconds,channel,user,consents,contact,tags,note,state,\
        assignee,due_at,contacted_at,answers,\"plan\",properties\r\n\
        01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11,2024-11-24T10:00:00.000Z,3,\"'=1+1\",\"standard\",,\"/shop\",\"detractor\",\"true\",\"false\",2.1,\
        \"page\",,,,,\"a note\",,,,,,\"pro\",\"{\"\"plan\"\":\"\"pro\"\",\"\"seats\"\":\"\"5\"\"}\"\r\n";
    let options = Options::parse([].into_iter(), &Zone::utc()).unwrap();
    let file = super::csv(csv.as_bytes(), &options, &Zone::utc(), NOW).unwrap();
    assert_eq!((file.rejected, file.answers.len()), (0, 1), "{:?}", file.errors);
    let message = &file.answers[0].message;
    assert_eq!(message.comment.as_deref(), Some("=1+1"));
    let properties: Vec<_> =
        message.properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(properties, [("plan", "pro"), ("seats", "5")]);

    let ndjson = r#"{"properties":{"plan":"pro"},"answers":{},"consents":[],"tags":["late"],"note":null,"state":"open","assignee":null,"due_at":null,"contacted_at":null,"contact":null,"id":"01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11","at":"2024-11-24T10:00:00.000Z","score":3,"category":"detractor","comment":"Late","shown":true,"dismissed":false,"seconds":2.1,"channel":"page","variant":"standard","lang":null,"page":null,"user":null}"#;
    let file = super::ndjson(ndjson.as_bytes(), &options, &Zone::utc(), NOW).unwrap();
    assert_eq!((file.rejected, file.answers.len()), (0, 1), "{:?}", file.errors);
    assert_eq!(file.answers[0].message.properties["plan"], "pro");
    assert_eq!(file.answers[0].message.properties.len(), 1);
}

#[test]
fn a_line_says_where_its_id_comes_from() {
    let options = Options::parse([].into_iter(), &Zone::utc()).unwrap();
    let sources = |csv: &str| -> Vec<IdSource> {
        let file = super::csv(csv.as_bytes(), &options, &Zone::utc(), NOW).unwrap();
        assert_eq!(file.rejected, 0, "{:?}", file.errors);
        file.answers.iter().map(|answer| answer.id_source).collect()
    };
    let uuid = "01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11";
    assert_eq!(sources("score,at\n9,2024-01-01\n"), [IdSource::Digest]);
    let ids = format!("id,score,channel\n4711,9,import\n{uuid},9,import\n");
    assert_eq!(
        sources(&ids),
        [IdSource::Digest, IdSource::File],
        "the channel of another tool is a property"
    );
    let export = format!(
        "id,score,channel,due_at,contacted_at,properties\n{uuid},9,import,,,{{}}\n{uuid},9,page,,,{{}}\n{uuid},9,,,,{{}}\n"
    );
    assert_eq!(sources(&export), [IdSource::ImportedBefore, IdSource::File, IdSource::File]);
}
