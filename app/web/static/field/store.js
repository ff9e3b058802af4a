// What the phone keeps: people, what they need to work, what waits to be sent, and its photographs.
// Loaded by the page and by the service worker; everything here survives a restart.
"use strict";
const Store = (() => {
  const NAME = "nguon-goc-field", VERSION = 1;
  let opened;

  const open = () => {
    if (!opened) {
      opened = new Promise((done, failed) => {
        const asked = indexedDB.open(NAME, VERSION);
        asked.onupgradeneeded = () => {
          const base = asked.result;
          base.createObjectStore("people", { keyPath: "uid" });
          base.createObjectStore("queue", { keyPath: "uid" }).createIndex("person", "person");
          base.createObjectStore("photos", { keyPath: "uid" }).createIndex("entry", "entry");
          base.createObjectStore("settings", { keyPath: "name" });
        };
        asked.onsuccess = () => {
          asked.result.onversionchange = () => { asked.result.close(); opened = undefined; };
          done(asked.result);
        };
        asked.onerror = () => { opened = undefined; failed(asked.error); };
      });
    }
    return opened;
  };

  // One transaction over some stores: `act` gets them by name; what it returns is given back once all is kept.
  const within = async (stores, mode, act) => {
    const base = await open();
    return new Promise((done, failed) => {
      const transaction = base.transaction(stores, mode);
      const answer = act(Object.fromEntries(stores.map((name) => [name, transaction.objectStore(name)])));
      transaction.oncomplete = () => done(answer && "result" in answer ? answer.result : undefined);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  };

  const one = (store, key) => within([store], "readonly", (stores) => stores[store].get(key));
  const all = (store, index, key) =>
    within([store], "readonly", (stores) => (index ? stores[store].index(index).getAll(key) : stores[store].getAll()));
  const put = (store, value) => within([store], "readwrite", (stores) => stores[store].put(value));
  const drop = (store, key) => within([store], "readwrite", (stores) => stores[store].delete(key));

  // An entry with its photographs, kept together or not at all.
  const queue = (item, photos) =>
    within(["queue", "photos"], "readwrite", (stores) => {
      stores.queue.put(item);
      for (const photo of photos) stores.photos.put(photo);
    });

  // Change an item as it stands now, so that two tabs never write over each other; `only` where it says so.
  const change = (uid, changes, only = () => true) =>
    within(["queue"], "readwrite", (stores) => {
      const asked = stores.queue.get(uid);
      asked.onsuccess = () => { if (asked.result && only(asked.result)) stores.queue.put({ ...asked.result, ...changes }); };
    });

  const forget = (uid) =>
    within(["queue", "photos"], "readwrite", (stores) => {
      stores.queue.delete(uid);
      const asked = stores.photos.index("entry").getAllKeys(uid);
      asked.onsuccess = () => { for (const key of asked.result) stores.photos.delete(key); };
    });

  const setting = async (name) => { const found = await one("settings", name); return found && found.value; };
  const set = (name, value) => put("settings", { name, value });

  // RFC 9562 UUIDv7: ordered by time, so that the server and people see entries in the order they were made.
  const uuid7 = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    let time = Date.now();
    for (let at = 5; at >= 0; at -= 1) { bytes[at] = time % 256; time = Math.floor(time / 256); }
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };

  return { within, one, all, put, drop, queue, change, forget, setting, set, uuid7 };
})();
