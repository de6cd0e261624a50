"""What Schemathesis cannot learn from the description: how our kinds of content are written, and ids that there are."""

import json
import os
import zlib

import schemathesis

# The path parameters for which there is something, by name. Whatever else is in a path is made up.
REAL = json.loads(os.environ["GRAPEVINE_REAL"])


@schemathesis.hook
def before_call(context, case, kwargs):
    """Made-up ids find nothing, so most requests get a real one; one of eight keeps what was made up.

    Which one depends on the request alone, so that it is the same at every run.
    """
    names = REAL.keys() & (case.path_parameters or {}).keys()
    made_up = repr((case.path_parameters, case.query, case.headers, case.body))
    if zlib.crc32(made_up.encode("utf-8", "replace")) % 8 != 7:
        for name in names:
            case.path_parameters[name] = REAL[name]
        # An archive is restored where there is no site yet, and names the site itself.
        if case.operation.label == "POST /v1/sites/{site}/archive":
            case.path_parameters["site"] = REAL["unused_site"]
            if isinstance(case.body, str):
                case.body = case.body.replace("c3g9djcng4aa7xjq626e", REAL["unused_site"])


@schemathesis.serializer("text/plain", "application/x-ndjson")
def as_text(context, value):
    """A page sends its JSON as text/plain, and a file of lines is text already."""
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value)).encode()


@schemathesis.deserializer("application/wasm", "application/x-ndjson", "application/typescript")
def as_text_or_nothing(context, response):
    """The description says no more of a file of lines than that it is text, and nothing of WebAssembly and TypeScript."""

    return response.text if "ndjson" in response.headers["content-type"][0] else ""
