//! Import and export: what is found in a file, what is stored, undone and exported.

use serde_json::{Value, json};
use tests::{Engine, Window, new_id};

use super::Owner;
use super::pictures::check;

const SEMICOLONS: &str = "Nps;date;comment;plan;Email\n\
    9;05.10.2026 09:12;Staff knew the oolong;pro;ann@shop.example\n\
    3;06.10.2026 18:00;\"Late; and dented\";free;ben@shop.example\n\
    11;07.10.2026 10:00;;free;\n\
    7;08.10.2026 10:00;<b>Fine</b>;team;\n";

async fn open(owner: &Owner) {
    owner.open("&view=settings&section=data").await;
    owner.until_text("Nothing was imported.").await;
}

/// Chooses a file as the picker does, or drops it.
async fn give(owner: &Owner, name: &str, text: &str, is_dropped: bool) {
    let script = format!(
        "const files = new DataTransfer();
        files.items.add(new File([{}], {}));
        const input = document.querySelector('#import-file');
        if ({is_dropped}) {{
            const drop = (kind) => input.closest('.drop').dispatchEvent(
                new DragEvent(kind, {{ dataTransfer: files, bubbles: true, cancelable: true }}));
            drop('dragover');
            drop('drop');
        }} else {{
            input.files = files.files;
            input.dispatchEvent(new Event('change', {{ bubbles: true }}));
        }}",
        json!(text),
        json!(name)
    );
    owner.browser.run(&script).await;
}

/// Reads the file again with another form of its dates.
async fn read_again(owner: &Owner, form: &str) {
    owner.browser.run("document.querySelector('#import-format').closest('details').open = true;").await;
    owner.fill("#import-format", form).await;
    owner.press_button("Read again").await;
}

async fn rows(owner: &Owner, region: &str) -> Value {
    let script = format!(
        "[...document.querySelectorAll('[aria-label={}] tbody tr')]
            .map((it) => [...it.cells].map((cell) => cell.textContent.trim()))",
        json!(region)
    );
    owner.value(&script).await
}

#[tokio::test]
async fn a_file_is_shown_before_it_is_stored_and_undone_afterwards() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    open(&owner).await;
    give(&owner, "scores.csv", SEMICOLONS, true).await;
    // No column is called score, so the API says what there is and the page takes the name.
    owner.until_text("This does not work").await;
    owner.assert_accessible().await;
    owner.fill("#import-score", "Nps").await;
    owner.fill("#import-at", "date").await;
    owner.press_button("Read again").await;
    owner.until_text("Nothing is stored yet").await;
    owner.until_text("CSV with semicolons, UTF-8, 4 rows. Dates are read as day.month.year, such as").await;
    // Another form is given in the same words.
    read_again(&owner, "month.day.year hour:minute").await;
    owner.until_text("Dates are read as month.day.year hour:minute, such as 12.24.2026 14:05.").await;
    owner.until_text("10 May 2026, 09:12 UTC").await;
    read_again(&owner, "").await;
    owner.until_text("Dates are read as day.month.year, such as 24.12.2026.").await;
    owner.until_text("3 of 4 rows can be read.").await;
    let columns = rows(&owner, "Columns").await;
    assert_eq!(columns[0], json!(["Nps", "Score"]));
    assert_eq!(columns[3], json!(["plan", "Property plan"]));
    assert!(columns[4][1].as_str().unwrap().starts_with("Left out: email addresses"), "{columns}");
    let first = rows(&owner, "The first rows").await;
    assert_eq!((&first[1][1], &first[1][2]), (&json!("3"), &json!("Late; and dented")));
    let wrong = rows(&owner, "Lines that cannot be read").await;
    assert_eq!(wrong[0][0], "4");
    assert!(wrong[0][1].as_str().unwrap().contains("11"), "{wrong}");
    assert_eq!(owner.site.responses().await.len(), 0, "a dry run stores nothing");
    check(&owner, "settings-import").await;

    owner.browser.click_page("button[aria-label='Keep it: Email']").await;
    let kept = "[...document.querySelectorAll('[aria-label=Columns] tbody tr')]
        .some((it) => it.textContent.includes('Property Email'))";
    owner.browser.until(kept).await;
    owner.press_button("Import").await;
    owner.until_text("The import is done").await;
    owner.until_text("3 new responses stored.").await;
    owner.until_text("1 row rejected.").await;
    let stored = owner.site.responses().await;
    assert_eq!(stored.len(), 3);
    assert!(stored.iter().any(|it| it["comment"] == "<b>Fine</b>"), "{stored:?}");
    assert!(stored.iter().any(|it| it["properties"]["Email"] == "ann@shop.example"), "{stored:?}");
    owner.until_text("3 new, 0 changed, 0 already there, 1 rejected, of 4 rows.").await;
    check(&owner, "settings-imported").await;

    owner.press_button("Undo…").await;
    owner.assert_accessible().await;
    owner.press_button("Undo for good").await;
    owner.until_text("Nothing was imported.").await;
    assert_eq!(owner.site.responses().await.len(), 0);
}

/// Holds back the request that stores, and reports an import of which a quarter is stored.
const SLOW: &str = "const real = window.fetch;
    const running = { id: 'k4m9x2v7pcqa', created_at: '2026-11-22T10:00:00.000Z', state: 'incomplete',
        rows: 6, stored: 0, changed: 0, already_there: 0, rejected: 0, erased_before: 1, without_score: 2,
        marked: 0, same_id: { count: 0, lines: [] }, changes_kept_until: null };
    window.fetch = (url, options) => {
        if (url.includes('imports?limit=1')) return Promise.resolve(Response.json({ imports: [running] }));
        if (!url.includes('/import') || url.includes('dry_run') || options.method != 'POST')
            return real(url, options);
        return new Promise((next) => { window.release = () => next(real(url, options)); });
    };";

#[tokio::test]
async fn an_import_that_takes_long_shows_how_far_it_is() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    open(&owner).await;
    give(&owner, "a.ndjson", "{\"score\": 9}\n{\"score\": 2}\n{\"score\": 7}\n{\"score\": 8}\n", false).await;
    owner.until_text("NDJSON, UTF-8, 4 rows. There are no dates.").await;
    owner.browser.run(SLOW).await;
    owner.press_button("Import").await;
    owner.until_text("25% stored").await;
    assert_eq!(owner.value("document.querySelector('progress').value").await, 0.25);
    owner.assert_accessible().await;
    owner.browser.run("window.release();").await;
    owner.until_text("4 new responses stored.").await;
    assert_eq!(owner.site.responses().await.len(), 4);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_explained_by_the_api() {
    let owner = Owner::start(Engine::Chromium, Window::PHONE).await;
    open(&owner).await;
    for (name, text, reason) in [
        ("empty.csv", "", "empty"),
        ("only.csv", "score,at\n11,2026-01-01\n99,2026-01-02\n", "Name the column with columns=score"),
        ("no_score.csv", "when,what\n2026-01-01,tea\n2026-01-02,cups\n", "only when, what"),
    ] {
        give(&owner, name, text, false).await;
        owner.browser.until("document.querySelector('[role=alert] .wrong')").await;
        let shown = owner.value("document.querySelector('[role=alert] .wrong').textContent").await;
        let shown = shown.as_str().unwrap().to_lowercase();
        assert!(shown.contains(&reason.to_lowercase()), "{name}: {shown}");
        owner.assert_accessible().await;
        owner.browser.reload().await;
        owner.until_text("Nothing was imported.").await;
    }
    assert_eq!(owner.site.responses().await.len(), 0);
}

#[tokio::test]
async fn the_export_has_the_days_and_the_filter_of_the_address() {
    let owner = Owner::start(Engine::Chromium, Window::DESKTOP).await;
    for (score, plan) in [(9, "pro"), (2, "free"), (8, "pro")] {
        let properties = json!({ "plan": plan });
        owner
            .site
            .store(json!({ "id": new_id(), "score": score, "comment": "Süß", "properties": properties }))
            .await;
    }
    owner.open("&view=settings&section=data&plan=pro").await;
    owner.until_text("The responses of these days and this filter").await;
    let keep = "window.saved = [];
        const create = URL.createObjectURL;
        URL.createObjectURL = (file) => { saved.push(file); return create.call(URL, file); };
        HTMLAnchorElement.prototype.click = function () { saved.push(this.download); };";
    owner.browser.run(keep).await;
    owner.press_button("Export as NDJSON").await;
    owner.browser.until("window.saved.length == 2").await;
    let lines = owner
        .browser
        .run(
            "return saved[0].text()
                .then((text) => text.trim().split('\\n').map((line) => JSON.parse(line).score));",
        )
        .await;
    assert_eq!(lines, json!([8, 9]));
    assert!(owner.value("saved[1]").await.as_str().unwrap().ends_with(".ndjson"));
    owner.press_button("Export as CSV").await;
    owner.browser.until("window.saved.length == 4").await;
    let bytes = owner
        .browser
        .run("return saved[2].arrayBuffer().then((it) => [...new Uint8Array(it).slice(0, 3)]);")
        .await;
    assert_eq!(bytes, json!([0xEF, 0xBB, 0xBF]), "Excel knows UTF-8 by the byte order mark");
    let csv = owner.browser.run("return saved[2].text();").await;
    let csv = csv.as_str().unwrap();
    assert_eq!((csv.trim().lines().count(), csv.contains("Süß")), (3, true), "{csv}");
    // The filter bar of this view is that of the others.
    owner.browser.click_page(".filters .chip").await;
    owner.press_button("Export as NDJSON").await;
    owner.browser.until("window.saved.length == 6").await;
    let all =
        owner.browser.run("return saved[4].text().then((text) => text.trim().split('\\n').length);").await;
    assert_eq!(all, 3);
}
