//! Body of a response that is sent in parts.

use wasm_bindgen::prelude::*;
use web_sys::ReadableStream;
use worker::js_sys::{Object, Promise, Reflect, Uint8Array};
use worker::{Error, wasm_bindgen};

use crate::http::ApiResult;
use crate::promise;

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    /// The runtime's own pipe: it has no buffer, so whoever writes waits for whoever reads.
    type IdentityTransformStream;

    #[wasm_bindgen(constructor, catch)]
    fn new() -> Result<IdentityTransformStream, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn readable(this: &IdentityTransformStream) -> ReadableStream;

    #[wasm_bindgen(method, getter)]
    fn writable(this: &IdentityTransformStream) -> Writable;

    type Writable;

    #[wasm_bindgen(method, catch, js_name = getWriter)]
    fn get_writer(this: &Writable) -> Result<Writer, JsValue>;

    #[wasm_bindgen(method)]
    fn abort(this: &Writable, reason: &str) -> Promise;

    #[wasm_bindgen(method)]
    fn close(this: &Writable) -> Promise;

    type Writer;

    #[wasm_bindgen(method)]
    fn write(this: &Writer, bytes: &Uint8Array) -> Promise;

    #[wasm_bindgen(method, js_name = releaseLock)]
    fn release_lock(this: &Writer);

    type Source;

    #[wasm_bindgen(method, js_name = pipeTo)]
    fn pipe_to(this: &Source, to: &Writable, options: &Object) -> Promise;
}

/// Body that is written while it is read. Each write waits until the caller has taken it, and fails
/// once the caller is gone.
pub struct ByteChannel(IdentityTransformStream);

impl ByteChannel {
    /// Creates a body without parts.
    pub fn new() -> ApiResult<Self> {
        Ok(Self(IdentityTransformStream::new().map_err(Error::from)?))
    }

    /// Returns the body for a response.
    pub fn body(&self) -> ReadableStream {
        self.0.readable()
    }

    /// Writes bytes.
    pub async fn write(&self, bytes: &[u8]) -> ApiResult<()> {
        let writer = self.0.writable().get_writer().map_err(Error::from)?;
        let written = promise::wait(&writer.write(&Uint8Array::from(bytes))).await;
        writer.release_lock();
        written.map(drop).map_err(|error| Error::from(error).into())
    }

    /// Writes the body of another response, which the runtime passes on without its crossing into
    /// WebAssembly.
    pub async fn pipe(&self, from: &web_sys::Response) -> ApiResult<()> {
        let Some(body) = from.body() else { return Ok(()) };
        let options = Object::new();
        Reflect::set(&options, &"preventClose".into(), &JsValue::TRUE).map_err(Error::from)?;
        let piped = body.unchecked_ref::<Source>().pipe_to(&self.0.writable(), &options);
        promise::wait(&piped).await.map(drop).map_err(|error| Error::from(error).into())
    }

    /// Ends the body. After an error the connection breaks off, so that the caller sees that the
    /// response is incomplete.
    pub async fn end(&self, written: ApiResult<()>) {
        let ended = match written {
            Ok(()) => self.0.writable().close(),
            Err(_) => self.0.writable().abort("the response was broken off"),
        };
        // The caller may be gone.
        let _ = promise::wait(&ended).await;
    }
}
