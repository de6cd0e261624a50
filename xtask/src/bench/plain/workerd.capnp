using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "plain", worker = .plain), (name = "data", disk = (writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:8788", http = (), service = "plain")],
);

const plain :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-04-01",
  durableObjectNamespaces = [(className = "Site", uniqueKey = "plain-site", enableSql = true)],
  durableObjectStorage = (localDisk = "data"),
  bindings = [(name = "SITES", durableObjectNamespace = "Site")],
);
