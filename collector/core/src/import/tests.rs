mod files;
mod known_rows;
mod spreadsheets;
mod tools;

use super::*;
use api::limits::MAX_PROPERTIES;
use nps::{Histogram, Score};

use super::ndjson::MAX_LINE_BYTES;

const NOW: i64 = 1_795_305_600_000; // 2026-11-22T00:00:00Z

/// A file that was read to its end.
#[derive(Debug)]
struct File {
    answers: Vec<ImportedResponse>,
    rows: u64,
    without_score: u64,
    rejected: u64,
    errors: Vec<BadLine>,
    cut: NotedLines,
}

fn whole(mut reader: Reader) -> Result<File, ValidationError> {
    let mut answers = Vec::new();
    while let Some(next) = reader.next_answers()? {
        assert!(next.len() <= CHUNK_LINES);
        answers.extend(next);
    }
    let Counts { rows, without_score, rejected, errors, cut, .. } = reader.counts();
    let (rows, without_score, rejected) = (*rows, *without_score, *rejected);
    Ok(File { answers, rows, without_score, rejected, errors: errors.clone(), cut: cut.clone() })
}

fn csv(body: &[u8], options: &Options, zone: &Zone, now: i64) -> Result<File, ValidationError> {
    whole(Reader::csv(body, options, zone, now)?)
}

fn ndjson(body: &[u8], options: &Options, zone: &Zone, now: i64) -> Result<File, ValidationError> {
    whole(Reader::ndjson(body, options, zone, now)?)
}

fn read(body: &str) -> Result<File, ValidationError> {
    csv(body.as_bytes(), &Options::default(), &Zone::utc(), NOW)
}

fn options(query: &[(&str, &str)]) -> Options {
    Options::parse(query.iter().copied(), &Zone::utc()).unwrap()
}

#[test]
fn cells_become_a_response() {
    let file = read("score,at,comment,country,id\n9,2026-11-01T10:00:00Z,\"good, \"\"really\"\"\",Norway,\n")
        .unwrap();
    let answer = &file.answers[0];
    assert_eq!(answer.at, 1_793_527_200_000);
    assert_eq!(answer.update.score, Score::new(9));
    assert_eq!(answer.update.comment.as_deref(), Some("good, \"really\""));
    assert_eq!(answer.update.properties.get("country").map(String::as_str), Some("Norway"));
    assert_eq!(answer.update.id.unix_ms(), Some(1_793_527_200_000));
}

#[test]
fn real_files_read_as_published() {
    let file = |name| {
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/data/").to_owned() + name).unwrap()
    };
    let scores = |file: &File| file.answers.iter().filter_map(|a| a.update.score).collect::<Histogram>();

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
fn ids_are_stable_and_differ_for_equal_lines() {
    let body = "score,at\n9,2026-11-01\n9,2026-11-01\n9,2026-11-02\n7,\n";
    let ids = |file: File| file.answers.iter().map(|a| a.update.id).collect::<Vec<_>>();
    let first = ids(read(body).unwrap());
    let mut unique = first.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), 4);
    let later = csv(body.as_bytes(), &Options::default(), &Zone::utc(), NOW + 5).unwrap();
    assert_eq!(ids(later), first);
}

#[test]
fn bad_lines_are_reported_by_number_and_the_others_kept() {
    let file = read("score,at\n9,2026-11-01\n11,\n7.5,\n\"8\n\",\n5,tomorrow\n6,2099-01-01\n8,,x\n\n10,,\n")
        .unwrap();
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
        ("score,comment9,Good7,Bad", "--data-binary"),
        ("score\n7.5\n9\n80\n", "Of 3 lines with a score, 2"),
    ] {
        let error = read(body).unwrap_err();
        assert!(error.detail.contains(word), "{body:?}: {error}");
    }
    assert!(csv(b"score\n\xff\n", &Options::default(), &Zone::utc(), NOW).is_err());
}

#[test]
fn ndjson_lines_become_the_same_responses() {
    let body = "{\"score\":9,\"at\":\"2026-11-01T10:00:00+02:00\",\"plan\":\"pro\",\"seats\":5}\n\n{\"score\":\"8\"}\r\nnonsense\n{\"score\":null,\"comment\":\"x\"}\n";
    let file = ndjson(body.as_bytes(), &Options::default(), &Zone::utc(), NOW).unwrap();
    assert_eq!(file.answers.len(), 3);
    assert_eq!(file.answers[0].at, 1_793_520_000_000);
    assert_eq!(file.answers[0].update.properties.len(), 2);
    assert_eq!(file.answers[1].update.score, Score::new(8), "a number as text is that number");
    assert_eq!(file.errors.iter().map(|e| e.line).collect::<Vec<_>>(), [4]);
    assert_eq!(file.without_score, 1);
}

#[test]
fn parameters_are_checked() {
    let wrong = |name, value| {
        Options::parse([(name, value)].into_iter(), &Zone::utc()).unwrap_err().remove(0).pointer
    };
    for columns in ["date", "at:", ":date", "date:when", "at:a,at:b", "", "at:\"a,b\",at:c"] {
        assert_eq!(wrong("columns", columns), "columns", "{columns:?}");
    }
    assert_eq!(wrong("at_format", "%Q"), "at_format");
    assert_eq!(wrong("at", "soon"), "at");
    assert_eq!(wrong("color", "1"), "color");
    let missing = csv(b"score\n9\n", &options(&[("columns", "at:date")]), &Zone::utc(), NOW).unwrap_err();
    assert_eq!(missing.pointer, "columns");
}

#[test]
fn custom_date_formats_are_local_to_the_site() {
    let how = options(&[("at_format", "%m/%d/%y %H:%M")]);
    let file = csv(b"score,at\n9,9/8/18 15:29\n9,2018-09-08\n", &how, &Zone::utc(), NOW).unwrap();
    assert_eq!(file.answers[0].at, 1_536_420_540_000);
    assert_eq!(file.errors.len(), 1);
}

#[test]
fn an_export_round_trips() {
    let export = "id,at,score,comment,variant,lang,page,category,shown,dismissed,seconds,channel,user,consents,contact,tags,note,state,\
        assignee,due_at,contacted_at,answers,\"plan\",properties\r\n\
        01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11,2024-11-24T10:00:00.000Z,3,\"'=1+1\",\"standard\",,\"/shop\",\"detractor\",\"true\",\"false\",2.1,\
        \"page\",,,,,\"a note\",,,,,,\"pro\",\"{\"\"plan\"\":\"\"pro\"\",\"\"seats\"\":\"\"5\"\"}\"\r\n";
    let options = Options::parse([].into_iter(), &Zone::utc()).unwrap();
    let file = csv(export.as_bytes(), &options, &Zone::utc(), NOW).unwrap();
    assert_eq!((file.rejected, file.answers.len()), (0, 1), "{:?}", file.errors);
    let message = &file.answers[0].update;
    assert_eq!(message.comment.as_deref(), Some("=1+1"));
    let properties: Vec<_> =
        message.properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(properties, [("plan", "pro"), ("seats", "5")]);

    let lines = r#"{"properties":{"plan":"pro"},"answers":{},"consents":[],"tags":["late"],"note":null,"state":"open","assignee":null,"due_at":null,"contacted_at":null,"contact":null,"id":"01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11","at":"2024-11-24T10:00:00.000Z","score":3,"category":"detractor","comment":"Late","shown":true,"dismissed":false,"seconds":2.1,"channel":"page","variant":"standard","lang":null,"page":null,"user":null}"#;
    let file = ndjson(lines.as_bytes(), &options, &Zone::utc(), NOW).unwrap();
    assert_eq!((file.rejected, file.answers.len()), (0, 1), "{:?}", file.errors);
    assert_eq!(file.answers[0].update.properties["plan"], "pro");
    assert_eq!(file.answers[0].update.properties.len(), 1);
}

#[test]
fn a_file_is_read_in_chunks_of_lines_and_bytes() {
    let zone = Zone::utc();
    let options = Options::default();
    let comment = "x".repeat(4_000);
    let csv: String =
        (0..3_000).map(|nth| format!("{},{}\n", nth % 11, if nth < 200 { &comment } else { "" })).collect();
    let csv = format!("score,comment\n{csv}");
    let ndjson: String = (0..3_000).map(|nth| format!("{{\"score\":{}}}\n", nth % 11)).collect();
    for (mut reader, first) in [
        (Reader::csv(csv.as_bytes(), &options, &zone, NOW).unwrap(), CHUNK_BYTES / 4_000 + 2),
        (Reader::ndjson(ndjson.as_bytes(), &options, &zone, NOW).unwrap(), CHUNK_LINES),
    ] {
        let mut sizes = Vec::new();
        while let Some(answers) = reader.next_answers().unwrap() {
            sizes.push(answers.len());
        }
        assert!(sizes[0] <= first, "{sizes:?}");
        assert_eq!(sizes.iter().sum::<usize>(), 3_000);
        assert!(sizes.iter().all(|size| *size <= CHUNK_LINES), "{sizes:?}");
        assert!(reader.next_answers().unwrap().is_none(), "the end stays the end");
        assert_eq!(reader.counts().rows, 3_000);
    }
}

#[test]
fn a_header_or_a_line_of_too_many_columns_is_refused() {
    let names = |many: usize| (1..many).map(|nth| format!("c{nth}")).collect::<Vec<_>>();
    let error = read(&format!("score,{}\n9\n", names(MAX_COLUMNS + 1).join(","))).unwrap_err();
    assert!(error.detail.contains("1001 columns"), "{error}");
    let header = names(MAX_COLUMNS);
    let file = read(&format!("score,{}\n9,{}\n", header.join(","), header.join(","))).unwrap();
    let kept = &file.answers[0].update.properties;
    assert!(kept.len() == MAX_PROPERTIES && kept.contains_key("c20"), "the first columns are kept");

    let line = |many: usize| {
        let members: Vec<String> = names(many).iter().map(|name| format!("\"{name}\":null")).collect();
        format!("{{\"score\":9,{}}}\n", members.join(","))
    };
    let body =
        [line(MAX_COLUMNS), line(MAX_COLUMNS + 1), format!("\"{}\"\n", "x".repeat(MAX_LINE_BYTES))].concat();
    let file = ndjson(body.as_bytes(), &Options::default(), &Zone::utc(), NOW).unwrap();
    assert_eq!((file.answers.len(), file.rejected), (1, 2), "{:?}", file.errors);
    assert!(file.errors[0].detail.contains("1000 members") && file.errors[1].detail.contains("bytes"));
}

#[test]
fn a_file_of_too_many_lines_is_refused() {
    let body = "{}\n".repeat(usize::try_from(MAX_ROWS).unwrap() + 1);
    let error = ndjson(body.as_bytes(), &Options::default(), &Zone::utc(), NOW).unwrap_err();
    assert!(error.detail.contains("1000000 lines"), "{error}");
}

#[test]
fn a_line_records_the_origin_of_its_id() {
    let sources = |csv: &str| -> Vec<IdSource> {
        let file = read(csv).unwrap();
        assert_eq!(file.rejected, 0, "{:?}", file.errors);
        file.answers.iter().map(|answer| answer.id_source).collect()
    };
    let uuid = "01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11";
    let has_uuid = |source: &IdSource| match source {
        IdSource::Row { has_uuid, .. } => *has_uuid,
        other => panic!("{other:?}"),
    };
    assert!(!has_uuid(&sources("score,at\n9,2024-01-01\n")[0]));
    let ids = format!("id,score,channel\n4711,9,import\n{uuid},9,import\n");
    let given: Vec<bool> = sources(&ids).iter().map(has_uuid).collect();
    assert_eq!(given, [false, true], "the channel of another tool is a property");
    let export = format!(
        "id,score,channel,due_at,contacted_at,properties\n{uuid},9,import,,,{{}}\n{uuid},9,page,,,{{}}\n{uuid},9,,,,{{}}\n"
    );
    assert_eq!(sources(&export), [IdSource::ImportedBefore, IdSource::Export, IdSource::Export]);
}

/// Digests and earlier ids of a file's rows.
fn identities(csv: &str) -> Vec<(RowDigest, String)> {
    let file = read(csv).unwrap();
    assert_eq!(file.rejected, 0, "{:?}", file.errors);
    let identity = |it: &ImportedResponse| match it.id_source {
        IdSource::Row { digest, .. } => (digest, it.update.id.to_string()),
        other => panic!("{other:?}"),
    };
    file.answers.iter().map(identity).collect()
}

#[test]
fn earlier_ids_are_those_of_the_earlier_rule() {
    let ids = |csv| identities(csv).into_iter().map(|(_, id)| id).collect::<Vec<_>>();
    let lines = "score,at,comment,plan\n9,2026-01-05T10:00:00Z,Good tea,pro\n3,2026-01-06,,free\n3,2026-01-06,,free\n7,,,\n";
    let expected = [
        "019b8d99-6900-7042-87dc-eb7ea3be144d",
        "019b909a-7400-76f8-9507-f288d1f42a11",
        "019b909a-7400-7bb6-929e-8d7e57557c5e",
        "00000000-0000-7848-8199-3fdb0a808b0d",
    ];
    assert_eq!(ids(lines), expected);
    let numbered = "id,score,at\n4711,9,2026-01-05T10:00:00Z\n4712,3,2026-01-06\n";
    assert_eq!(
        ids(numbered),
        ["019b8d99-6900-7c22-bd4f-13addd777bcb", "019b909a-7400-7c23-8ab8-ad094c85df48"]
    );
}

#[test]
fn a_row_is_known_by_its_id_or_by_its_cells() {
    let digests = |csv| identities(csv).into_iter().map(|(digest, _)| digest).collect::<Vec<_>>();
    let (a, b) = (digests("id,score\nx,9\n"), digests("score,id,at\n3, x ,2026-01-01\n"));
    assert_eq!(a, b, "the id alone counts");
    assert_ne!(a, digests("id,score\ny,9\n"));
    assert_ne!(digests("score\n9\n"), digests("nps,score\n9,9\n"));
    // A name and a cell cannot run together into others.
    assert_ne!(digests("score,a,ab\n9,bc,c\n"), digests("score,a,ab\n9,b,cc\n"));
    let twice = digests("score\n9\n9\n");
    assert_ne!(twice[0], twice[1]);
    assert_eq!(digests("score,x\n9,\n9, \n"), twice);
}

proptest::proptest! {
    #[test]
    fn the_order_of_columns_and_spaces_do_not_matter(
        cells in proptest::collection::btree_map("[a-z]{1,8}", "[ -!#-~]{0,12}", 1..8),
        turn in 0..8_usize,
    ) {
        let mut cells: Vec<(String, String)> = cells.into_iter().filter(|(name, _)| {
            !["score", "id", "at", "variant", "lang", "page"].contains(&name.as_str())
        }).collect();
        let file = |cells: &[(String, String)], pad: &str| {
            let header: Vec<&str> = cells.iter().map(|(name, _)| name.as_str()).collect();
            let row: Vec<String> = cells.iter().map(|(_, cell)| format!("\"{pad}{cell}{pad}\"")).collect();
            format!("score,{}\n9,{}\n", header.join(","), row.join(","))
        };
        proptest::prop_assume!(!cells.is_empty());
        let plain = identities(&file(&cells, ""))[0].0;
        let length = cells.len();
        cells.rotate_left(turn % length);
        proptest::prop_assert_eq!(identities(&file(&cells, " "))[0].0, plain);
    }
}

#[test]
fn keys_and_ids_of_two_sites_have_nothing_in_common() {
    let (a, b) = (RowSecret::new(&[1; 32]), RowSecret::new(&[2; 32]));
    let digest = [7; 32];
    let (mine, theirs) = (a.row_key(&digest, 1_000), b.row_key(&digest, 1_000));
    assert!(mine.key != theirs.key && mine.new_id != theirs.new_id);
    assert_eq!(RowSecret::parse(&RowSecret::encode(&[1; 32])).unwrap().row_key(&digest, 1_000), mine);
    assert_eq!(mine.new_id.unix_ms(), Some(1_000));
    assert!(RowSecret::parse("00").is_none());
}
