//! Files that a spreadsheet or a converter has changed on their way.

use super::*;

fn scores(file: &File) -> Vec<u8> {
    file.answers.iter().filter_map(|answer| answer.update.score).map(Score::get).collect()
}

fn lines(file: &File) -> Vec<u64> {
    file.errors.iter().map(|error| error.line).collect()
}

fn properties(response: &ImportedResponse) -> Vec<(&str, &str)> {
    response.update.properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn read_lines(body: &str) -> Result<File, ValidationError> {
    ndjson(body.as_bytes(), &Options::default(), &Zone::utc(), NOW)
}

#[test]
fn scores_that_became_dates_refuse_the_file() {
    let error = read("score\n10-Sep\n10-Aug\n0/10\n").unwrap_err();
    assert!(error.detail.contains("2 are dates") && error.detail.contains("format"), "{error}");
    // Such scores are lost: the 0 that stays is not the score of the others.
    let mostly_zero = format!("score\n{}10-Sep\n10-Aug\n", "0/10\n".repeat(8));
    assert!(read(&mostly_zero).unwrap_err().detail.contains("2 are dates"));
    let one_of_many = format!("score\n{}10-Sep\n", "9\n".repeat(40));
    let file = read(&one_of_many).unwrap();
    assert_eq!((file.answers.len(), lines(&file)), (40, vec![42]));
    let question = "Timestamp,How likely are you to recommend us?\n2026/01/05 10:00:00,10-Sep\n2026/01/05 11:00:00,10-Okt\n";
    assert!(read(question).unwrap_err().detail.contains("2 are dates"));
}

#[test]
fn cells_that_are_missing_at_the_end_of_a_row_are_empty() {
    let body = "score,at,comment,plan\n9,2026-01-05,Good,pro\n8,2026-01-06\n7\n3,2026-01-07,Late\n";
    let file = read(body).unwrap();
    assert_eq!((scores(&file), file.rejected), (vec![9, 8, 7, 3], 0), "{:?}", file.errors);
    assert_eq!(file.answers[3].update.comment.as_deref(), Some("Late"));
    // The same row with all its cells is the same row.
    let padded = read("score,at,comment,plan\n8,2026-01-06,,\n").unwrap();
    assert_eq!(file.answers[1].id_source, padded.answers[0].id_source);
    let before_score = read("at,score,comment\n2026-01-05,9,Good\n2026-01-06\n2026-01-07,8\n").unwrap();
    assert_eq!((scores(&before_score), lines(&before_score)), (vec![9, 8], vec![3]));
    assert!(before_score.errors[0].detail.contains("no cell for the score"), "{:?}", before_score.errors);
    let too_long = read("score,at\n9,2026-01-05\n8,2026-01-05,more\n").unwrap();
    assert_eq!((scores(&too_long), lines(&too_long)), (vec![9], vec![3]));
}

#[test]
fn a_row_that_the_end_of_the_file_cuts_off_is_refused() {
    for (end, kept, bad) in [("\n", 2, vec![]), ("", 1, vec![3])] {
        let file = read(&format!("at,score,comment\n2026-01-05,9,Good\n2026-01-06,1{end}")).unwrap();
        assert_eq!((file.answers.len(), lines(&file)), (kept, bad), "{:?}", file.errors);
    }
}

#[test]
fn a_json_array_is_refused_with_the_way_to_turn_it_into_lines() {
    for body in [
        "[\n{\"score\":9},\n{\"score\":8},\n{\"score\":7}\n]\n",
        " [{\"score\":9},{\"score\":8}]",
        "[\n  {\n    \"score\": 9\n  }\n]\n",
        "[]",
    ] {
        let error = read_lines(body).unwrap_err();
        assert!(error.detail.contains("array") && error.detail.contains("jq -c '.[]'"), "{body}: {error}");
    }
}

#[test]
fn lines_that_are_no_objects_are_passed_over_only_where_they_are_few() {
    let file = read_lines("{\"score\":9},\n{\"score\":8} , \n{\"score\":7}\n").unwrap();
    assert_eq!((scores(&file), file.rejected), (vec![9, 8, 7], 0), "{:?}", file.errors);
    let file = read_lines("{\"score\":9}\nnonsense\n{\"score\":7}\n").unwrap();
    assert_eq!((scores(&file), lines(&file)), (vec![9, 7], vec![2]));
    for body in [
        "{\n\"score\": 9\n}\n{\"score\":8}\n",
        "score,at\n9,2026-01-05\n{\"score\":8}\n",
        "{\"score\":9}{\"score\":8}\n{\"score\":7}{\"score\":6}\n{\"score\":5}\n",
    ] {
        let error = read_lines(body).unwrap_err();
        assert!(error.detail.contains("no JSON objects"), "{body}: {error}");
    }
}

#[test]
fn a_property_keeps_what_stands_for_nothing_elsewhere() {
    let file =
        read("score,at,comment,region\n9,2026-01-05,NA,NA\nNaN,2026-01-05,Late,null\n8,NULL,N/A,N/A\n")
            .unwrap();
    let regions: Vec<_> = file.answers.iter().map(properties).collect();
    assert_eq!(regions, [[("region", "NA")], [("region", "null")], [("region", "N/A")]], "{:?}", file.errors);
    assert_eq!((file.without_score, file.rejected), (1, 0));
    assert_eq!(file.answers[0].update.comment, None);
    let file = read_lines("{\"score\":9,\"region\":\"NA\",\"plan\":null,\"comment\":\"N/A\"}\n").unwrap();
    assert_eq!(properties(&file.answers[0]), [("region", "NA")]);
    assert_eq!(file.answers[0].update.comment, None);
}

#[test]
fn a_quoted_cell_may_have_a_blank_before_it() {
    let file =
        read("score, at, comment, plan\n9, 2026-01-05, \"hi, there\",  \"pro\" \n8,2026-01-05, a \"b\" c,\n")
            .unwrap();
    assert_eq!(file.rejected, 0, "{:?}", file.errors);
    assert_eq!(file.answers[0].update.comment.as_deref(), Some("hi, there"));
    assert_eq!(properties(&file.answers[0]), [("plan", "pro")]);
    assert_eq!(file.answers[1].update.comment.as_deref(), Some("a \"b\" c"));
}

#[test]
fn names_of_properties_in_an_export_keep_their_blanks() {
    let export = "id,score,due_at,contacted_at,sp, sp,\"sp \",properties\n\
                  01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11,9,,,1,2,3,{}\n";
    let file = read(export).unwrap();
    assert_eq!(properties(&file.answers[0]), [(" sp", "2"), ("sp", "1"), ("sp ", "3")]);
    let other = read("score, sp ,plan\n9,2,pro\n").unwrap();
    assert_eq!(properties(&other.answers[0]), [("plan", "pro"), ("sp", "2")]);
}

#[test]
fn a_column_that_is_named_for_two_fields_is_an_error() {
    for columns in ["score:Q1,comment:Q1", "score:q1,comment:Q1"] {
        let query = [("columns", columns)];
        let error = Options::parse(query.into_iter(), &Zone::utc()).unwrap_err().remove(0);
        assert!(error.pointer == "columns" && error.detail.contains("`Q1` twice"), "{error}");
    }
    let both = csv(b"Q1,Q2\n9,x\n", &options(&[("columns", "score:Q1,comment:Q2")]), &Zone::utc(), NOW);
    assert_eq!(both.unwrap().answers[0].update.comment.as_deref(), Some("x"));
}
