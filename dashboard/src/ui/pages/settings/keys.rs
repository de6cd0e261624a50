//! Keys for programs and people, and links to a snapshot.

use leptos::prelude::*;

use super::key_row::KeyRow;
use super::new_key::NewKey;
use crate::model::{KeyList, Role};
use crate::ui::App;
use crate::ui::api::Call;
use crate::ui::remote::Remote;
use crate::ui::status::show;

/// Lists of keys, with forms for new ones.
#[component]
pub fn Keys(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let keys = Remote::<KeyList>::new(app.tick, move || Some(Call::of_site(&app.site.get()?, "keys")));
    let list = move |is_share: bool| {
        move |list: Signal<KeyList>| {
            let shown = move || {
                let keys = list.with(|list| list.keys.clone());
                keys.into_iter().filter(|key| (key.role == Role::Share) == is_share).collect::<Vec<_>>()
            };
            let empty =
                move || shown().is_empty().then(|| view! { <p class="soft">"There is none yet."</p> });
            view! {
                <ul class="rows" role="list">
                    <For each=shown key=|key| (key.id.clone(), key.last_used_at.clone()) let:key>
                        <KeyRow app=app key_info=key keys=keys/>
                    </For>
                </ul>
                {empty}
            }
        }
    };
    view! {
        <section class="card stack" aria-labelledby="keys-title">
            <h2 id="keys-title">"Keys"</h2>
            <p>"An owner key may do everything with this site. A read key reads scores and notes, and no \
            comments."</p>
            {show(app, keys, 4, list(false))}
            <NewKey app=app keys=keys roles=&[Role::Read, Role::Owner]/>
        </section>
        <section class="card stack" aria-labelledby="links-title">
            <h2 id="links-title">"Share links"</h2>
            <p>
                "A link opens a read-only snapshot: the score, the trend and public notes up to last \
                midnight, without comments. Whoever has the link can see it, until it ends or you revoke it."
            </p>
            {show(app, keys, 3, list(true))}
            <NewKey app=app keys=keys roles=&[Role::Share]/>
        </section>
    }
}
