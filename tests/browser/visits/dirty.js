// Writes to every store that a page has.
return (async () => {
  document.cookie = "visitor=first; max-age=3600; path=/";
  localStorage.visitor = "first";
  sessionStorage.visitor = "first";
  history.pushState(null, "", "/pushed");
  await new Promise((done, failed) => {
    const request = indexedDB.open("visitor");
    request.onsuccess = () => (request.result.close(), done());
    request.onerror = () => failed(request.error);
  });
  await (await caches.open("visitor")).put("/kept", new Response("Kept"));
  await fetch("/cached").then((response) => response.text());
  await navigator.serviceWorker.register("/worker.js");
  await navigator.serviceWorker.ready;
  return null;
})();
