// Served by the preview only. Shows a new build without losing the reader's place or the sound.
(() => {
  "use strict";
  const script = document.currentScript;
  let generation = script.dataset.generation;
  const closeLabel = script.dataset.close;

  // The page as it was served, before its own scripts changed it, each node with its live twin.
  // The copy lives in a document without a window, where sounds and pictures do not load.
  const inert = document.implementation.createHTMLDocument("");
  const twins = new Map();
  let served = null;
  let parts = "";

  function remember(live) {
    const copy = inert.importNode(live, true);
    pair(copy, live);
    quieten(copy);
    return copy;
  }
  function pair(copy, live) {
    twins.set(copy, live);
    for (let i = 0; i < copy.childNodes.length; i++) pair(copy.childNodes[i], live.childNodes[i]);
  }
  // <noscript> is text to a page with scripts and elements to a parser without them.
  function quieten(root) {
    for (const node of root.querySelectorAll?.("noscript") ?? []) node.replaceChildren();
    for (const node of root.querySelectorAll?.("script[data-generation]") ?? []) {
      node.removeAttribute("data-generation");
    }
  }
  const partsOf = (page) =>
    [...page.querySelectorAll("script[src], link[rel~='stylesheet'][href]")]
      .map((node) => node.getAttribute("src") ?? node.getAttribute("href")).join("\n");

  function takeStock() {
    parts = partsOf(document);
    served = remember(document.body);
    open();
  }

  // --- Changing only what changed -----------------------------------------------------------
  const MEDIA = "audio, video";
  const addresses = (media) =>
    [media, ...media.querySelectorAll("source")].map((node) => node.getAttribute("src")).join(" ");
  function soundOf(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    const all = [...node.querySelectorAll(MEDIA)];
    if (node.matches(MEDIA)) all.unshift(node);
    return all.map(addresses).join("\n");
  }

  function patch(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    const live = twins.get(old);
    if (old.nodeType !== Node.ELEMENT_NODE) {
      live.nodeValue = fresh.nodeValue;
      old.nodeValue = fresh.nodeValue;
      return;
    }
    patchAttributes(old, live, fresh);
    patchChildren(old, live, fresh);
  }
  function patchAttributes(old, live, fresh) {
    const names = new Set([...old.getAttributeNames(), ...fresh.getAttributeNames()]);
    for (const name of names) {
      const value = fresh.getAttribute(name);
      if (old.getAttribute(name) === value) continue;
      for (const node of [old, live]) {
        if (value === null) node.removeAttribute(name);
        else node.setAttribute(name, value);
      }
    }
  }
  // An audio or video element whose address is unchanged is always kept, and so are its parents.
  function canBecome(old, fresh) {
    if (old.nodeName !== fresh.nodeName) return false;
    if (old.nodeType !== Node.ELEMENT_NODE) return true;
    return old.id === fresh.id && soundOf(old) === soundOf(fresh);
  }
  function patchChildren(old, live, fresh) {
    const before = [...old.childNodes];
    const after = [...fresh.childNodes];
    const kept = match(before, after);
    const used = new Set(kept.filter((index) => index >= 0));
    before.forEach((node, index) => {
      if (used.has(index)) return;
      twins.get(node).remove();
      node.remove();
    });
    after.forEach((node, index) => {
      if (kept[index] >= 0) patch(before[kept[index]], node);
      else insert(old, live, node, index);
    });
  }
  // For each new child the old one it comes from, in order, or -1.
  function match(before, after) {
    const kept = after.map(() => -1);
    let start = 0;
    while (start < Math.min(before.length, after.length)
           && before[start].isEqualNode(after[start])) {
      kept[start] = start;
      start++;
    }
    let end = 0;
    while (end < Math.min(before.length, after.length) - start
           && before[before.length - 1 - end].isEqualNode(after[after.length - 1 - end])) {
      end++;
      kept[after.length - end] = before.length - end;
    }
    // Elements with audio or video are matched first, so that no other takes their old one.
    for (const wanted of [(node) => soundOf(node) !== "", () => true]) {
      for (let index = start; index < after.length - end; index++) {
        if (kept[index] < 0 && wanted(after[index])) {
          kept[index] = candidate(before, after, kept, index);
        }
      }
    }
    return kept;
  }
  function candidate(before, after, kept, index) {
    let from = index - 1;
    while (from >= 0 && kept[from] < 0) from--;
    let to = index + 1;
    while (to < after.length && kept[to] < 0) to++;
    const stop = to < after.length ? kept[to] : before.length;
    for (let old = from < 0 ? 0 : kept[from] + 1; old < stop; old++) {
      if (canBecome(before[old], after[index])) return old;
    }
    return -1;
  }
  function insert(old, live, fresh, index) {
    const node = document.importNode(fresh, true);
    const next = old.childNodes[index];
    const place = next && twins.get(next);
    live.insertBefore(node, place && place.parentNode === live ? place : null);
    const copy = inert.importNode(node, true);
    old.insertBefore(copy, next || null);
    pair(copy, node);
  }

  // --- A new build --------------------------------------------------------------------------
  const playing = () =>
    [...document.querySelectorAll(MEDIA)].filter((media) => !media.paused && !media.ended);

  // A whole reload would stop the audio, so it waits until no audio plays.
  function reloadWhenQuiet() {
    const [media] = playing();
    if (!media) return location.reload();
    for (const name of ["pause", "ended", "emptied"]) {
      media.addEventListener(name, reloadWhenQuiet, { once: true });
    }
  }
  function refreshStyles(stamp) {
    for (const link of document.querySelectorAll('link[rel~="stylesheet"][href]')) {
      const url = new URL(link.href);
      if (url.origin !== location.origin) continue;
      url.searchParams.set("avsnitt", stamp);
      const fresh = link.cloneNode();
      fresh.href = url.href;
      fresh.addEventListener("load", () => link.remove(), { once: true });
      link.after(fresh);
    }
  }
  function refreshSounds(changed) {
    for (const media of document.querySelectorAll(MEDIA)) {
      const path = media.currentSrc && decodeURI(new URL(media.currentSrc).pathname).slice(1);
      if (changed.includes(path) && media.paused && media.currentTime === 0) media.load();
    }
  }
  async function swap() {
    const answer = await fetch(location.href, { cache: "no-cache" }).catch(() => null);
    if (!answer) {
      generation = "";
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (partsOf(page) !== parts) return reloadWhenQuiet();
    quieten(page);
    if (document.title !== page.title) document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    patch(served, page.body);
    document.dispatchEvent(new CustomEvent("avsnitt:updated"));
  }

  let turn = Promise.resolve();
  function onReload(message) {
    if (message.generation === generation) return;
    generation = message.generation;
    const changed = message.paths;
    turn = turn.then(() => {
      if (!changed || changed.some((path) => path.endsWith(".js"))) return reloadWhenQuiet();
      if (changed.some((path) => path.endsWith(".css"))) refreshStyles(generation);
      refreshSounds(changed);
      return swap();
    }).catch(reloadWhenQuiet);
  }

  // --- Problems -----------------------------------------------------------------------------
  let overlay = null;
  function make(name, style, parent) {
    const node = document.createElement(name);
    Object.assign(node.style, style);
    parent.append(node);
    return node;
  }
  function buildOverlay() {
    const host = make("div", {}, document.documentElement);
    host.id = "avsnitt-problems";
    const shadow = host.attachShadow({ mode: "open" });
    const box = make("div", {
      position: "fixed", inset: "auto 0 0 0", maxHeight: "60vh", overflow: "auto", zIndex: 2147483647,
      background: "#2b0b0e", color: "#fff", borderTop: "4px solid #ff8a8a", padding: "1rem",
      font: "16px/1.5 ui-monospace, monospace", boxSizing: "border-box",
    }, shadow);
    box.tabIndex = 0;
    const close = make("button", {
      float: "right", font: "inherit", padding: ".25rem .75rem", minHeight: "2.75rem",
      background: "#fff", color: "#2b0b0e", border: "0", cursor: "pointer",
    }, box);
    close.type = "button";
    close.textContent = closeLabel;
    close.addEventListener("click", () => showProblems(""));
    box.addEventListener("keydown", (event) => event.key === "Escape" && showProblems(""));
    const text = make("div", { whiteSpace: "pre-wrap", overflowWrap: "anywhere" }, box);
    text.setAttribute("role", "alert");
    return { box, text };
  }
  function showProblems(message) {
    if (!overlay && !message) return;
    overlay ??= buildOverlay();
    overlay.box.style.display = message ? "block" : "none";
    overlay.text.textContent = message;
  }

  // --- The connection to the server ---------------------------------------------------------
  let source = null;
  function open() {
    if (source || document.hidden) return;
    source = new EventSource(`/.avsnitt/events?since=${encodeURIComponent(generation)}`);
    source.addEventListener("state", (event) => {
      const state = JSON.parse(event.data);
      onReload(state);
      showProblems(state.problems);
    });
    source.addEventListener("reload", (event) => {
      showProblems("");
      onReload(JSON.parse(event.data));
    });
    source.addEventListener("problems", (event) => showProblems(JSON.parse(event.data).text));
  }
  function close() {
    if (source) source.close();
    source = null;
  }
  // A browser opens six connections to one server in all: a hidden page holds none of them.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", () => served && open());

  takeStock();
})();
