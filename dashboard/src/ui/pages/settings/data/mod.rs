//! Import and export.

mod export;
mod import;
mod imports;
mod preview;

use leptos::prelude::*;

use crate::model::ImportList;
use crate::ui::App;
use crate::ui::api::Call;
use crate::ui::remote::Remote;

/// Import, the list of imports, and export.
#[component]
pub fn Data(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let list = Remote::<ImportList>::new(app.tick, move || Some(Call::of_site(&app.site.get()?, "imports")));
    view! {
        <import::ImportFile app=app list=list/>
        <imports::Imports app=app list=list/>
        <export::Export app=app/>
    }
}
