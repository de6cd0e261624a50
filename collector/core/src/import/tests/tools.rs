//! Dates, questions and responses in the files of other tools.

use super::*;
use crate::iso8601;

fn zone(name: &str, offset_s: i32) -> Zone {
    Zone::probe(name, 0, 10, |_| Ok::<_, ()>(offset_s)).unwrap()
}

/// The dates of a file by the day, of rows that were all read.
fn days(file: &File) -> Vec<String> {
    file.answers.iter().map(|answer| iso8601::format(answer.at).get(..10).unwrap().to_owned()).collect()
}

#[test]
fn the_order_of_day_and_month_comes_from_any_row_of_the_file() {
    // Newest first, 20 rows a day: 12 to 1 March, then February, which alone shows the order.
    let march = (1..=12).rev().map(|day| format!("{day:02}/03/2026"));
    let february = (23..=28).rev().map(|day| format!("{day}/02/2026"));
    let dates: Vec<String> = march.chain(february).flat_map(|date| vec![date; 20]).collect();
    let plain: String = dates.iter().map(|date| format!("9,{date}\n")).collect();
    let monkey: String =
        dates.iter().enumerate().map(|(nth, date)| format!("{nth},1,{date} 10:00:00,9\n")).collect();
    let undated = "9,\n".repeat(300);
    let late = read(&format!("score,at\n{undated}{plain}")).unwrap();
    assert_eq!((late.answers.len(), late.rejected), (660, 0), "{:?}", late.errors);
    for body in [
        format!("score,at\n{plain}"),
        format!("Respondent ID,Collector ID,End Date,How likely are you to recommend us?\n{monkey}"),
    ] {
        let file = read(&body).unwrap();
        assert_eq!((file.answers.len(), file.rejected), (360, 0), "{:?}", file.errors);
        assert_eq!((&*days(&file)[0], &*days(&file)[359]), ("2026-03-12", "2026-02-23"));
    }
}

#[test]
fn rows_of_two_orders_are_not_guessed() {
    let ambiguous = "9,03/04/2026\n".repeat(400);
    let file = read(&format!("score,at\n{ambiguous}9,13/04/2026\n9,04/14/2026\n")).unwrap();
    assert_eq!((days(&file), file.rejected), (vec!["2026-04-13".to_owned(), "2026-04-14".to_owned()], 400));
    assert!(file.errors[0].detail.contains("at_format"), "{:?}", file.errors[0]);
}

#[test]
fn a_year_of_two_digits_may_come_first() {
    for (dates, expected) in [
        (["26/01/05", "26/01/28"], ["2026-01-05", "2026-01-28"]),
        (["26-01-05", "25-12-31"], ["2026-01-05", "2025-12-31"]),
        (["26/01/05", "05/01/26"], ["2005-01-26", "2026-01-05"]),
        (["26/01/25", "7/01/26"], ["2025-01-26", "2026-01-07"]),
        (["01/26/26", "01/05/26"], ["2026-01-26", "2026-01-05"]),
        (["26.01.05", "26.01.28"], ["2005-01-26", "2028-01-26"]),
    ] {
        let later = NOW + 3 * 365 * api::day::DAY_MS;
        let now = if dates[0].contains('.') { later } else { NOW };
        let body = format!("score,at\n9,{}\n9,{}\n", dates[0], dates[1]);
        let file = csv(body.as_bytes(), &Options::default(), &Zone::utc(), now).unwrap();
        assert_eq!((days(&file), file.rejected), (expected.map(str::to_owned).to_vec(), 0), "{dates:?}");
    }
    let file = read("score,at\n9,26/01/05\n9,25/11/12\n9,2026-01-05\n").unwrap();
    assert_eq!((days(&file).len(), file.rejected), (1, 2), "{:?}", file.errors);
    assert!(file.errors[0].detail.contains("%y/%m/%d"), "{:?}", file.errors[0]);
}

/// The instants of a file's dates, or the reason why it is refused.
fn times(body: &str, query: &[(&str, &str)], site: &Zone) -> Result<Vec<String>, String> {
    let file = csv(body.as_bytes(), &options(query), site, NOW).map_err(|error| error.detail)?;
    if let Some(error) = file.errors.first() {
        return Err(error.detail.clone());
    }
    Ok(file.answers.iter().map(|answer| iso8601::format(answer.at)).collect())
}

#[test]
fn two_questions_that_ask_for_a_recommendation_refuse_the_file() {
    let forms = "Timestamp,How likely are you to recommend our app?,How likely are you to recommend our support?\n\
                 2026/01/05 10:00:00,3,10\n";
    let groups = "StartDate,EndDate,RecordedDate,ResponseId,Q1_NPS_GROUP,Q1,Q7_NPS_GROUP,Q7\n\
                  2026-01-05,2026-01-05,2026-01-05,R_1,Detractor,3,Promoter,10\n";
    let german = "wann,Würden Sie uns empfehlen?,Würden Sie den Versand weiterempfehlen?\n2026-01-05,3,10\n";
    for (body, names) in [
        (forms, ["recommend our app?", "recommend our support?"]),
        (groups, ["Q1", "Q7"]),
        (german, ["uns empfehlen?", "weiterempfehlen?"]),
    ] {
        let detail = read(body).unwrap_err().detail;
        assert!(names.iter().all(|name| detail.contains(name)), "{detail}");
        assert!(detail.contains("columns=score:"), "{detail}");
    }
    let chosen = csv(groups.as_bytes(), &options(&[("columns", "score:Q7")]), &Zone::utc(), NOW).unwrap();
    assert_eq!(chosen.answers[0].update.score, Score::new(10));
    // Only one of them has scores.
    for body in [
        "Timestamp,Would you recommend our app?,Why would you recommend it?\n2026/01/05 10:00:00,3,Fast\n",
        "Timestamp,Would you recommend our app?,Would you recommend our support?\n2026/01/05 10:00:00,3,\n",
        "StartDate,EndDate,RecordedDate,ResponseId,Q1_NPS_GROUP,Q1,Q7\nStart,End,Recorded,Id,Group,Recommend?,Recommend it?\n\
         2026-01-05,2026-01-05,2026-01-05,R_1,1,3,10\n",
    ] {
        assert_eq!(read(body).unwrap().answers[0].update.score, Score::new(3), "{body}");
    }
    let line = "{\"Would you recommend our app?\":3,\"Would you recommend our support?\":10}\n";
    let error = ndjson(line.as_bytes(), &Options::default(), &Zone::utc(), NOW).unwrap_err();
    assert!(error.detail.contains("our support?"), "{error}");
    let line = "{\"Would you recommend our app?\":3,\"Why would you recommend it?\":\"Fast\"}\n";
    let file = ndjson(line.as_bytes(), &Options::default(), &Zone::utc(), NOW).unwrap();
    assert_eq!(file.answers[0].update.score, Score::new(3));
}

#[test]
fn dates_are_in_the_time_zone_that_qualtrics_states() {
    let body = |zone: &str| {
        format!(
            "StartDate,EndDate,RecordedDate,ResponseId,Q1_NPS_GROUP,Q1\nStart,End,Recorded Date,Id,Group,How likely?\n\
             \"{{\"\"ImportId\"\":\"\"startDate\"\"}}\",,\"{{\"\"ImportId\"\":\"\"recordedDate\"\"{zone}}}\",\"{{\"\"ImportId\"\":\"\"_recordId\"\"}}\",,\n\
             2026-03-01,2026-03-01,2026-03-01 20:00:00,R_1,Promoter,9\n"
        )
    };
    let berlin = zone("Europe/Berlin", 3_600);
    for (stated, wanted, expected) in [
        (",\"\"timeZone\"\":\"\"America/Denver\"\"", Some("America/Denver"), "2026-03-02T03:00:00.000Z"),
        (",\"\"timeZone\"\":\"\"Etc/GMT+7\"\"", Some("Etc/GMT+7"), "2026-03-02T03:00:00.000Z"),
        (",\"\"timeZone\"\":\"\"Z\"\"", None, "2026-03-01T20:00:00.000Z"),
        (",\"\"timeZone\"\":\"\"UTC\"\"", None, "2026-03-01T20:00:00.000Z"),
        (",\"\"timeZone\"\":\"\"-07:00\"\"", None, "2026-03-02T03:00:00.000Z"),
        (",\"\"timeZone\"\":\"\"\"\"", None, "2026-03-01T19:00:00.000Z"),
        ("", None, "2026-03-01T19:00:00.000Z"),
    ] {
        let (body, options) = (body(stated), Options::default());
        let mut reader = Reader::csv(body.as_bytes(), &options, &berlin, NOW).unwrap();
        assert_eq!(reader.zone_to_find(), wanted, "{stated}");
        if let Some(name) = wanted {
            reader.set_zone(zone(name, -7 * 3_600));
        }
        let answers = reader.next_answers().unwrap().unwrap();
        assert_eq!(iso8601::format(answers[0].at), expected, "{stated}: {:?}", reader.counts().errors);
        assert_eq!(reader.counts().rows, 1, "the rows of the header are none of the data");
    }
}

#[test]
fn the_name_of_a_column_may_have_the_zone_of_its_dates() {
    let berlin = zone("Europe/Berlin", 3_600);
    for (name, expected) in [
        ("When (UTC)", "2026-03-01T20:00:00.000Z"),
        ("When (GMT)", "2026-03-01T20:00:00.000Z"),
        ("When (GMT-07:00)", "2026-03-02T03:00:00.000Z"),
        ("When (UTC+2)", "2026-03-01T18:00:00.000Z"),
        ("When (MST)", "2026-03-02T03:00:00.000Z"),
        ("When (local)", "2026-03-01T19:00:00.000Z"),
        ("When (2)", "2026-03-01T19:00:00.000Z"),
        ("When", "2026-03-01T19:00:00.000Z"),
    ] {
        let body = format!("score,{name}\n9,2026-03-01 20:00:00\n");
        let columns = format!("at:{name}");
        assert_eq!(times(&body, &[("columns", &columns)], &berlin), Ok(vec![expected.into()]), "{name}");
    }
}

#[test]
fn zones_by_abbreviation_are_those_of_north_america_or_of_the_site() {
    let read_in = |text: &str, site: &Zone| {
        times(&format!("score,at\n9,{text}\n"), &[], site).map(|mut times| times.remove(0))
    };
    let utc = Zone::utc();
    for (text, expected) in [
        ("2026/01/05 9:38:08 AM EST", "2026-01-05T14:38:08.000Z"),
        ("2026/07/05 9:38:08 AM EDT", "2026-07-05T13:38:08.000Z"),
        ("2026-01-05 09:38:08 cst", "2026-01-05T15:38:08.000Z"),
        ("2026-07-05 09:38:08 CDT", "2026-07-05T14:38:08.000Z"),
        ("5 Jan 2026 9:38:08 AM MST", "2026-01-05T16:38:08.000Z"),
        ("2026-07-05 09:38:08 MDT", "2026-07-05T15:38:08.000Z"),
        ("2026-01-05 09:38:08 PST", "2026-01-05T17:38:08.000Z"),
        ("2026-07-05 09:38:08 PDT", "2026-07-05T16:38:08.000Z"),
    ] {
        assert_eq!(read_in(text, &utc).as_deref(), Ok(expected), "{text}");
    }
    for (text, hours, expected) in [
        ("2022/06/22 11:07:29 AM AST", -4, "2022-06-22T15:07:29.000Z"),
        ("2022/06/22 11:07:29 AM AST", 3, "2022-06-22T08:07:29.000Z"),
        ("2022-06-22 11:07:29 CST", 8, "2022-06-22T03:07:29.000Z"),
        ("2022-06-22 11:07:29 CEST", 2, "2022-06-22T09:07:29.000Z"),
        ("2022-01-22 11:07:29 MEZ", 1, "2022-01-22T10:07:29.000Z"),
        ("2022-06-22 11:07:29 BST", 1, "2022-06-22T10:07:29.000Z"),
        ("2022-06-22 11:07:29 JST", 9, "2022-06-22T02:07:29.000Z"),
        ("2022-06-22 11:07:29 AEST", 10, "2022-06-22T01:07:29.000Z"),
    ] {
        assert_eq!(read_in(text, &zone("X", hours * 3_600)).as_deref(), Ok(expected), "{text}");
        let error = read_in(text, &zone("X", 12 * 3_600)).unwrap_or_default();
        assert!(error.is_empty() || text.contains("CST"), "{text}: another zone is not guessed");
    }
    assert_eq!(
        read_in("2022-06-22 11:07:29 IST", &zone("X", 19_800)).as_deref(),
        Ok("2022-06-22T05:37:29.000Z")
    );
    let named = [("at_format", "%Y/%m/%d %I:%M:%S %p %Z")];
    let body = "score,at\n9,2026/01/05 9:38:08 AM EST\n";
    assert_eq!(times(body, &named, &utc), Ok(vec!["2026-01-05T14:38:08.000Z".into()]));
}

#[test]
fn responses_that_the_tool_left_out_are_marked() {
    use api::Mark::{Spam, Test};
    let qualtrics = |status: &str| {
        format!(
            "StartDate,EndDate,Status,RecordedDate,ResponseId,Q1_NPS_GROUP,Q1\n2026-01-05,2026-01-05,{status},2026-01-05,R_1,x,9\n"
        )
    };
    let wootric = |excluded: &str| {
        format!("score,text,origin_url,excluded_from_calculations\n9,Good,https://example.org/,{excluded}\n")
    };
    for (body, mark) in [
        (qualtrics("IP Address"), None),
        (qualtrics("Imported"), None),
        (qualtrics("0"), None),
        (qualtrics("16"), None),
        (qualtrics("Survey Preview"), Some(Test)),
        (qualtrics("Survey Test"), Some(Test)),
        (qualtrics("1"), Some(Test)),
        (qualtrics("2"), Some(Test)),
        (qualtrics("17"), Some(Test)),
        (qualtrics("Spam"), Some(Spam)),
        (qualtrics("Survey Preview Spam"), Some(Spam)),
        (qualtrics("8"), Some(Spam)),
        (qualtrics("12"), Some(Spam)),
        (wootric("false"), None),
        (wootric(""), None),
        (wootric("TRUE"), Some(Spam)),
        (wootric("1"), Some(Spam)),
        (
            wootric("true").replace("excluded_from_calculations", "Excluded from calculations,end_user_id"),
            Some(Spam),
        ),
        ("score,status,at\n9,Spam,2026-01-05\n".to_owned(), None),
        ("score,mark,at\n9,spam,2026-01-05\n".to_owned(), Some(Spam)),
    ] {
        for query in [&[][..], &[("keep", "status")][..]] {
            let (options, utc) = (options(query), Zone::utc());
            let Ok(mut reader) = Reader::csv(body.as_bytes(), &options, &utc, NOW) else { continue };
            let answers = reader.next_answers().unwrap().unwrap();
            assert_eq!(answers[0].update.mark, mark, "{body}");
            assert_eq!(reader.counts().marked, u64::from(mark.is_some()), "{body}");
        }
    }
    let line = "{\"score\":9,\"text\":\"x\",\"origin_url\":\"https://example.org/\",\"excluded_from_calculations\":true}\n";
    let file = ndjson(line.as_bytes(), &Options::default(), &Zone::utc(), NOW).unwrap();
    assert_eq!(file.answers[0].update.mark, Some(Spam));
}
