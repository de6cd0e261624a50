//! Keys of rows, and the content that a file has of a response.

use super::*;
use crate::stored_response::NewResponse;

#[test]
fn an_id_that_a_spreadsheet_has_rounded_is_none() {
    for rounded in ["1.18326E+11", "1,18326E+11", "1E+15", "2.5e+20"] {
        let file = read(&format!("id,score\n\"{rounded}\",9\n7,8\n")).unwrap();
        assert_eq!((file.answers.len(), file.rejected), (1, 1), "{rounded}");
        assert!(file.errors[0].detail.contains(rounded), "{:?}", file.errors);
    }
    for id in ["118326000001", "5E10", "E+11", "1.2.3E+4", "1E+", "a1E+15", "1.5"] {
        assert_eq!(read(&format!("id,score\n{id},9\n")).unwrap().rejected, 0, "{id}");
    }
}

#[test]
fn a_response_is_known_by_the_keys_of_its_export_whole_or_edited() {
    let secret = RowSecret::new(&[1; 32]);
    let id = "01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11";
    let keys = secret.keys_of(api::ResponseId::parse(id).unwrap());
    for (nth, file) in
        [format!("id,score,properties,due_at,contacted_at\n{id},9,,,\n"), format!("id,score\n{id},9\n")]
            .iter()
            .enumerate()
    {
        let answer = read(file).unwrap().answers.remove(0);
        assert_eq!(answer.line, 2);
        let row = NewResponse::from_import(answer, &Zone::utc(), &secret, false).to_row();
        assert!(row.contains(&keys[nth]), "{row}");
    }
}

#[test]
fn a_file_says_which_content_it_has() {
    let content = |file: &str, query: &[(&str, &str)]| -> Value {
        let (options, zone) = (options(query), Zone::utc());
        let reader = Reader::csv(file.as_bytes(), &options, &zone, NOW).unwrap();
        serde_json::from_str(&reader.content()).unwrap()
    };
    assert_eq!(content("score\n9\n", &[]), json!({ "score": true, "properties": {} }));
    assert_eq!(
        content("id,score,comment,plan,Email\n1,9,,,\n", &[]),
        json!({ "id": true, "score": true, "comment": true, "properties": { "plan": null } }),
        "what is left out is not in it"
    );
    assert_eq!(content("score,Email\n9,a\n", &[("columns", "user:Email")])["user"], true);
    let export = "id,score,plan,properties,due_at,contacted_at\n,9,,,,\n";
    assert_eq!(content(export, &[])["properties"], true);
}
