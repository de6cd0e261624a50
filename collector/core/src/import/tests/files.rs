//! Files as tools and spreadsheets write them.

use super::*;

fn properties(response: &ImportedResponse) -> Vec<(&str, &str)> {
    response.update.properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[test]
fn names_of_columns_are_found_in_any_case_and_made_different() {
    let long = "q".repeat(100);
    let csv = format!(
        "SCORE,Comment,At,Open,Open,,{long},{long},open 2\n9,Good,2026-01-05,a,b,c,d,e,f\n4,,,,,,,,,\n"
    );
    let file = read(&csv).unwrap();
    assert_eq!((file.answers.len(), file.rejected), (2, 0), "{:?}", file.errors);
    let (cut, numbered) = ("q".repeat(64), "q".repeat(62) + " 2");
    let expected = [("Open", "a"), ("Open 2", "b"), ("open 2", "f"), (&numbered, "e"), (&cut, "d")];
    assert_eq!(properties(&file.answers[0]), expected);
    assert_eq!(file.answers[0].update.comment.as_deref(), Some("Good"));
    let (options, zone) = (Options::default(), Zone::utc());
    let mut reader = Reader::csv(csv.as_bytes(), &options, &zone, NOW).unwrap();
    while reader.next_answers().unwrap().is_some() {}
    assert_eq!(reader.left_out(), json!([{ "column": "column 6", "reason": "unnamed" }]));
    let twice = read("score,Score,score\n9,9,9\n").unwrap_err();
    assert!(twice.detail.contains("twice"), "{twice}");
    let chosen = csv_with("score,score\n9,8\n", &[("columns", "score:score 2")]).unwrap();
    assert_eq!(
        (chosen.answers[0].update.score, properties(&chosen.answers[0])),
        (Score::new(8), vec![("score", "9")])
    );
}

#[test]
fn usual_names_of_a_file_of_no_known_tool_are_ours_where_the_cells_are() {
    const NOON: i64 = 1_767_614_400_000;
    let long = "Too slow. ".repeat(30);
    for (header, date) in [
        ("score;Date;Feedback", "2026-01-05 12:00"),
        ("score;Submitted at;Comments", "Jan 5, 2026 12:00 PM"),
        ("score;timestamp;Kommentar", "1767614400"),
        ("SCORE;Datum;comment", "05.01.2026 12:00"),
        ("score;created_at;reason", "2026-01-05T12:00:00Z"),
    ] {
        let file = read(&format!("{header}\n9;{date};{long}\n3;;\n")).unwrap();
        let first = &file.answers[0];
        assert_eq!((first.update.score, first.at, first.is_dated), (Score::new(9), NOON, true), "{header}");
        assert_eq!(first.update.comment.as_deref(), Some(long.trim()), "{header}");
        assert_eq!((properties(first), file.answers[1].is_dated), (vec![], false), "{header}");
    }
    for (header, row, expected) in [
        // A date of the response comes before others, and our own name before all.
        ("score,date,responded at", "9,2025-01-01,2026-01-05T12:00", [("date", "2025-01-01")]),
        ("score,date,at", "9,2025-01-01,2026-01-05T12:00", [("date", "2025-01-01")]),
    ] {
        let file = read(&format!("{header}\n{row}\n")).unwrap();
        assert_eq!((file.answers[0].update.score, file.answers[0].at), (Score::new(9), NOON), "{header}");
        assert_eq!(properties(&file.answers[0]), expected, "{header}");
    }
    // A date of something else, what is no date, or what is kept by name is a property.
    let contract = read("score,end date\n9,2026-01-05\n").unwrap();
    assert_eq!(properties(&contract.answers[0]), [("end date", "2026-01-05")]);
    let file = read("score,date,feedback\n9,spring,7\n8,autumn,9\n").unwrap();
    assert_eq!((file.rejected, file.answers[0].is_dated, &file.answers[0].update.comment), (0, false, &None));
    assert_eq!(properties(&file.answers[0]), [("date", "spring"), ("feedback", "7")]);
    let kept = csv_with("score,Date\n9,2026-01-05\n", &[("keep", "date")]).unwrap();
    assert_eq!(
        (kept.answers[0].is_dated, properties(&kept.answers[0])),
        (false, vec![("Date", "2026-01-05")])
    );
}

fn csv_with(body: &str, query: &[(&str, &str)]) -> Result<File, ValidationError> {
    csv(body.as_bytes(), &options(query), &Zone::utc(), NOW)
}

#[test]
fn a_name_in_the_parameter_may_hold_commas_and_colons() {
    let body = "\"How, at last\",\"When, at:all\",c\n9,2026-01-05,x\n";
    for columns in [
        "score:How, at last,at:\"When, at:all\"",
        "at:\"When, at:all\",score:HOW, AT LAST",
        "score:\"How, at last\",at:\"When, at:all\",comment:C",
    ] {
        let file = csv_with(body, &[("columns", columns)]).unwrap();
        assert_eq!(
            (file.answers[0].update.score, file.answers[0].at),
            (Score::new(9), 1_767_571_200_000),
            "{columns}"
        );
    }
    let quoted =
        csv_with("score,\"a \"\"b\"\", c\"\n9,x\n", &[("columns", "score:score,comment:\"a \"\"b\"\", c\"")])
            .unwrap();
    assert_eq!(quoted.answers[0].update.comment.as_deref(), Some("x"));
}

#[test]
fn personal_columns_are_left_out_unless_the_owner_names_them() {
    let body = "score,Email Address,IP,Name,plan,where,Phone\n9,jo@example.org,192.0.2.1,Jo,pro,ann@example.org,+49 170 1\n2,,,,free,Berlin,\n";
    let (options, zone) = (Options::default(), Zone::utc());
    let mut reader = Reader::csv(body.as_bytes(), &options, &zone, NOW).unwrap();
    let answers = reader.next_answers().unwrap().unwrap();
    assert_eq!(properties(&answers[0]), [("plan", "pro")]);
    assert_eq!(properties(&answers[1]), [("plan", "free"), ("where", "Berlin")]);
    let reasons = [
        ("Email Address", "email_address"),
        ("IP", "ip_address"),
        ("Name", "person_name"),
        ("where", "email_address"),
        ("Phone", "phone_number"),
    ];
    let expected: Vec<Value> =
        reasons.iter().map(|(column, reason)| json!({ "column": column, "reason": reason })).collect();
    assert_eq!(reader.left_out(), Value::Array(expected));
    let kept = csv_with(body, &[("keep", "name,where"), ("columns", "user:email address")]).unwrap();
    assert_eq!(properties(&kept.answers[0]), [("Name", "Jo"), ("plan", "pro"), ("where", "ann@example.org")]);
    assert_eq!(
        kept.answers[0].update.user.as_deref(),
        Some("jo@example.org"),
        "the caller makes a digest of it"
    );
    assert_eq!(csv_with(body, &[("keep", "city")]).unwrap_err().pointer, "keep");
    let lines = "{\"score\":9,\"person\":{\"email\":\"x\",\"name\":\"Jo\",\"plan\":{\"level\":\"pro\"}},\"tags\":[1],\"by\":\"10.0.0.1\"}";
    let file = ndjson(lines.as_bytes(), &Options::default(), &Zone::utc(), NOW).unwrap();
    assert_eq!(properties(&file.answers[0]), [("person.plan.level", "pro")]);
}

#[test]
fn long_cells_are_cut_at_a_character_and_their_lines_named() {
    let body = format!("score,comment,why\n9,{},é\n2,Late,{}\n8,,\n", "ü".repeat(5_001), "ß".repeat(300));
    let file = read(&body).unwrap();
    assert_eq!((file.answers.len(), file.cut), (3, NotedLines { count: 2, lines: vec![2, 3] }));
    assert_eq!(file.answers[0].update.comment, Some("ü".repeat(5_000)));
    assert_eq!(file.answers[1].update.properties["why"], "ß".repeat(200));
}

#[test]
fn reading_stops_after_ten_thousand_bad_lines() {
    let body = format!("score,at\n9,\n{}", "9,never\n".repeat(12_000));
    let (options, zone) = (Options::default(), Zone::utc());
    let mut reader = Reader::csv(body.as_bytes(), &options, &zone, NOW).map(Some).unwrap();
    let error = loop {
        match reader.as_mut().unwrap().next_answers() {
            Ok(Some(_)) => {}
            other => break other.unwrap_err(),
        }
    };
    assert!(error.detail.contains("More than 10000 lines"), "{error}");
    assert!(reader.take().unwrap().counts().rows < 12_000);
}

#[test]
fn the_order_of_day_and_month_comes_from_the_file_or_is_asked_for() {
    let times = |body: &str| -> Vec<i64> {
        let file = read(body).unwrap();
        assert_eq!(file.rejected, 0, "{:?}", file.errors);
        file.answers.iter().map(|answer| answer.at).collect()
    };
    let april_third = 1_775_174_400_000;
    assert_eq!(times("score,at\n9,03/04/2026\n9,13/04/2026\n")[0], april_third);
    assert_eq!(times("score,at\n9,04/03/2026\n9,04/13/2026\n")[0], april_third);
    let file = read("score,at\n9,03/04/2026\n9,04/03/2026\n9,2026-04-03\n").unwrap();
    assert_eq!((file.answers.len(), file.rejected), (1, 2));
    assert!(file.errors[0].detail.contains("at_format"), "{:?}", file.errors);
    let file = csv(
        b"score,When (UTC)\n9,2026-04-03 01:00\n",
        &options(&[("columns", "at:When (UTC)")]),
        &Zone::probe("X", 0, 10, |_| Ok::<_, ()>(3_600)).unwrap(),
        NOW,
    );
    assert_eq!(file.unwrap().answers[0].at, april_third + 3_600_000);
}

fn first_of(body: &str, query: &[(&str, &str)]) -> (Option<&'static str>, ImportedResponse, usize) {
    let (options, zone) = (options(query), Zone::utc());
    let mut reader = Reader::csv(body.as_bytes(), &options, &zone, NOW).unwrap();
    let answers = reader.next_answers().unwrap().unwrap();
    assert_eq!(reader.counts().rejected, 0, "{:?}", reader.counts().errors);
    (reader.tool(), answers[0].clone(), answers.len())
}

#[test]
fn files_of_tools_are_recognized_and_read() {
    let expected_at = "2026-05-01T10:01:10.000Z";
    for (tool, body, kept) in [
        (
            "delighted",
            "ID,Name,Email,Score,Comment,Survey Type,Created at,Permalink,Plan\n7,Jo,jo@example.org,9,Good,nps,2026-05-01 10:01:10 UTC,https://example.org/7,pro\n",
            vec![("Plan", "pro")],
        ),
        (
            "typeform",
            "#,How likely are you to recommend us to a friend?,Why?,plan,Response Type,Start Date (UTC),Stage Date (UTC),Submit Date (UTC),Network ID,Tags\n\
            ab12cd,9,Good,pro,completed,2026-05-01 10:00:00,,2026-05-01 10:01:10,653e97,\n",
            vec![("plan", "pro")],
        ),
        (
            "surveymonkey",
            "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,How likely is it that you would recommend Tea Shop?,Why?,Contact information,,Plan\n\
            ,,,,,,,,Response,Open-Ended Response,Name,Email Address,Response\n\
            118001,42,05/01/2026 10:00:00 AM,05/01/2026 10:01:10 AM,192.0.2.1,jo@example.org,Jo,Doe,Extremely likely - 9,Good,Jo Doe,jo@example.org,pro\n",
            vec![("Plan", "pro")],
        ),
        (
            "qualtrics",
            "StartDate,EndDate,Status,IPAddress,Progress,RecordedDate,ResponseId,RecipientLastName,RecipientEmail,LocationLatitude,UserLanguage,Q1_NPS_GROUP,Q1,Q2,Q3\n\
            Start Date,End Date,Response Type,IP Address,Progress,Recorded Date,Response ID,Recipient Last Name,Recipient Email,Location Latitude,User Language,Group,How likely?,Why?,Plan\n\
            \"{\"\"ImportId\"\":\"\"startDate\"\",\"\"timeZone\"\":\"\"Z\"\"}\",\"{\"\"ImportId\"\":\"\"endDate\"\"}\",,,,,\"{\"\"ImportId\"\":\"\"_recordId\"\"}\",,,,,,,,\n\
            2026-05-01 10:00:00,2026-05-01 10:01:10,IP Address,192.0.2.1,100,2026-05-01 10:01:10,R_1a2b3c,Doe,jo@example.org,52.5,EN,Promoter,9,Good,pro\n",
            vec![("Q3", "pro")],
        ),
        (
            "google-forms",
            "Timestamp,\"How likely are you to recommend us to a friend, colleague or relative?\",What is the reason?,Plan,Email Address\n\
            2026/05/01 12:01:10 PM GMT+2,9,Good,pro,jo@example.org\n",
            vec![("Plan", "pro")],
        ),
        (
            "google-forms",
            "Zeitstempel;Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?;Warum?;Plan\n01.05.2026 10:01:10;9;Good;pro\n",
            vec![("Plan", "pro")],
        ),
        (
            "wootric",
            "id,score,text,created_at,origin_url,end_user_id,end_user.email,plan\n1,9,Good,2026-05-01 03:01:10 -0700,https://example.org/tea,5,jo@example.org,pro\n",
            vec![("plan", "pro")],
        ),
        (
            "wootric",
            "Email,NPS Score,Feedback,Date,Plan\njo@example.org,9,Good,2026-05-01 10:01:10,pro\n",
            vec![("Plan", "pro")],
        ),
        (
            "posthog",
            "uuid,event,timestamp,distinct_id,properties.$survey_response,properties.$survey_response_1,properties.plan\n\
            0187c279-bcae-0000-34f5-4f121921f006,survey sent,2026-05-01T10:01:10.000000+00:00,jo@example.org,9,Good,pro\n",
            vec![("properties.plan", "pro")],
        ),
        (
            "posthog",
            "timestamp,properties.$survey_id,properties.$survey_response_a1,properties.$survey_response_b2,plan\n2026-05-01 10:01:10,s,Good,9,pro\n",
            vec![("plan", "pro")],
        ),
        (
            "formbricks",
            "No.,Response ID,Timestamp,Finished,Survey ID,Formbricks ID (internal),User ID,Notes,Tags,url,1. How likely are you to recommend us?,2. Why?,plan\n\
            1,clx1,2026-05-01 10:01:10,Yes,s1,f1,u1,,,https://example.org/,9,Good,pro\n",
            vec![("plan", "pro")],
        ),
    ] {
        let (found, first, count) = first_of(body, &[]);
        assert_eq!((found, count), (Some(tool), 1), "{body}");
        assert_eq!(
            (first.update.score, first.update.comment.as_deref()),
            (Score::new(9), Some("Good")),
            "{body}"
        );
        assert_eq!(crate::iso8601::format(first.at), expected_at, "{body}");
        assert_eq!(properties(&first), kept, "{body}");
        assert_eq!(first_of(body, &[("preset", tool)]).1, first, "{tool}");
    }
    let plain = first_of("score,at,plan\n9,2026-05-01,pro\n", &[]);
    assert_eq!((plain.0, plain.2), (None, 1));
    let error = Options::parse([("preset", "mailchimp")].into_iter(), &Zone::utc()).unwrap_err().remove(0);
    assert!(
        error.pointer == "preset" && error.detail.contains("qualtrics, surveymonkey, typeform"),
        "{error}"
    );
}

#[test]
fn a_description_says_what_was_found() {
    let body = b"\xff\xfes\0c\0o\0r\0e\0;\0I\0P\0;\0p\0\n\09\0;\0;\0x\0\n\0";
    let (options, zone) = (Options::default(), Zone::utc());
    let mut reader = Reader::csv(body, &options, &zone, NOW).unwrap();
    assert_eq!(reader.next_answers().unwrap().unwrap().len(), 1);
    let expected = json!({
        "format": "csv", "encoding": "utf-16le", "delimiter": ";", "tool": null, "date_form": null,
        "columns": [{ "column": "score", "field": "score" }, { "column": "IP", "left_out": "ip_address" }, { "column": "p", "property": "p" }],
    });
    assert_eq!(reader.description(), expected);
}

mod any_dialect {
    use super::*;
    use proptest::prelude::*;

    fn encoded(text: &str, encoding: u8) -> Vec<u8> {
        let marked = ["\u{feff}", text].concat();
        match encoding {
            0 => text.into(),
            1 => marked.into_bytes(),
            2 => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        }
    }

    proptest! {
        #[test]
        fn a_table_reads_the_same_in_every_dialect_and_encoding(
            rows in prop::collection::vec((0..=10_u8, "[a-zé😀,;\t\"|']{0,12}", "[a-z,;|]{1,8}"), 1..8),
            delimiter in prop::sample::select(vec![',', ';', '\t', '|']),
            end in prop::sample::select(vec!["\n", "\r", "\r\n"]),
            (encoding, sep_line) in (0..4_u8, any::<bool>()),
        ) {
            let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
            let mut lines = vec![["score", "comment", "plan"].join(&delimiter.to_string())];
            if sep_line {
                lines.insert(0, format!("sep={delimiter}"));
            }
            lines.extend(rows.iter().map(|(score, comment, plan)| {
                [score.to_string(), quoted(comment), quoted(plan)].join(&delimiter.to_string())
            }));
            let text = lines.join(end) + end;
            let file = csv(&encoded(&text, encoding), &Options::default(), &Zone::utc(), NOW).unwrap();
            prop_assert_eq!((file.rejected, file.answers.len()), (0, rows.len()));
            for (answer, (score, comment, plan)) in file.answers.iter().zip(&rows) {
                prop_assert_eq!(answer.update.score, Score::new(*score));
                prop_assert_eq!(answer.update.comment.as_deref().unwrap_or_default(), comment.trim());
                prop_assert_eq!(&answer.update.properties["plan"], plan);
            }
        }

        #[test]
        fn no_file_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..60), text in "(score|at|[a-z#])?[,;\t]?[a-z ]{0,4}\r?\n([0-9\",;\r\n{}:\\[\\]a-c]{0,10}\n){0,4}") {
            for body in [&*body, text.as_bytes()] {
                let _ = csv(body, &Options::default(), &Zone::utc(), NOW);
                let _ = ndjson(body, &Options::default(), &Zone::utc(), NOW);
            }
        }
    }
}
