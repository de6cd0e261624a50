// Marks every page that it serves.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.mode != "navigate") return;
  const marked = async () => {
    const page = await (await fetch(event.request.url)).text();
    return new Response(`${page}<p id=marked>`, { headers: { "content-type": "text/html" } });
  };
  event.respondWith(marked());
});
