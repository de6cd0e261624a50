//! Button that copies a chart as PNG.

use js_sys::{Array, Function, Object, Promise, Reflect, encode_uri_component};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use super::browser;
use crate::picture::{Picture, WIDTH};

/// Pixels of the picture per pixel of the page.
const SCALE: f64 = 2.0;

/// Button that copies a chart as PNG, or saves it where the browser copies no pictures.
#[component]
pub fn CopyPicture(
    /// Draws the chart.
    picture: Callback<(), Picture>,
) -> impl IntoView {
    let outcome = RwSignal::new("");
    let copy = move |_| {
        let Picture { svg, height } = picture.run(());
        // Safari takes a picture only while the press is handled, so it is promised.
        let png = future_to_promise(async move { draw(&svg, height).await });
        let written = write(&png);
        spawn_local(async move {
            let is_copied = match written {
                Ok(written) => JsFuture::from(written).await.is_ok(),
                Err(_) => false,
            };
            let text = if is_copied { "Copied" } else { save(png).await };
            let _ = outcome.try_set(text);
        });
    };
    view! {
        <button type="button" class="button" on:click=copy>"Copy as PNG"</button>
        <span role="status">{outcome}</span>
    }
}

/// Saves a picture, and returns what has come of it.
async fn save(png: Promise) -> &'static str {
    match JsFuture::from(png).await.and_then(JsCast::dyn_into) {
        Ok(file) => {
            browser::save_file(&file, "chart.png");
            "Saved as chart.png"
        }
        Err(_) => "The browser cannot draw it",
    }
}

/// Writes the promise of a picture to the clipboard.
fn write(png: &Promise) -> Result<Promise, JsValue> {
    let window = window();
    let item: Function = Reflect::get(&window, &"ClipboardItem".into())?.dyn_into()?;
    let content = Object::new();
    Reflect::set(&content, &"image/png".into(), png)?;
    let item = Reflect::construct(&item, &Array::of1(&content))?;
    let clipboard = JsValue::from(window.navigator().clipboard());
    let write: Function = Reflect::get(&clipboard, &"write".into())?.dyn_into()?;
    write.call1(&clipboard, &Array::of1(&item))?.dyn_into()
}

/// Draws an SVG as PNG.
async fn draw(svg: &str, height: f64) -> Result<JsValue, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(&format!("data:image/svg+xml,{}", String::from(encode_uri_component(svg))));
    JsFuture::from(image.decode()).await?;
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width((WIDTH * SCALE) as u32);
    canvas.set_height((height * SCALE) as u32);
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(
        &image,
        0.0,
        0.0,
        WIDTH * SCALE,
        height * SCALE,
    )?;
    let file = Promise::new(&mut |resolve, reject| {
        if canvas.to_blob(&resolve).is_err() {
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(file).await
}
