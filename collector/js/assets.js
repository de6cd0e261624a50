// The assets on one box: a Worker with the built files in its bindings, so that `dist/` works from
// any folder. On Cloudflare, static assets are in its place.

export default {
  fetch(request, files) {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    return Object.hasOwn(files, name) ? new Response(files[name]) : new Response(null, { status: 404 });
  },
};
