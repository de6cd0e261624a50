// Returns what a page finds of earlier visits.
return (async () => ({
  cookies: document.cookie,
  localStorage: localStorage.length,
  sessionStorage: sessionStorage.length,
  databases: (await indexedDB.databases()).map((database) => database.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  marked: Boolean(document.querySelector("#marked")),
  history: history.length,
  script: Boolean(window.addedScript),
  width: innerWidth,
  zoomed: devicePixelRatio != 1,
  permission: (await navigator.permissions.query({ name: "geolocation" })).state,
  online: navigator.onLine,
  focus: document.hasFocus(),
}))();
