/* Makes a finished page handier. Everything works without it, and it remembers nothing. */
(function () {
  "use strict";

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  /* ---- Copying ---- */

  function copyText(text) {
    if (navigator.clipboard && navigator.clipboard.writeText) {
      return navigator.clipboard.writeText(text);
    }
    return Promise.reject(new Error("no clipboard"));
  }

  function copyFrom(button, text) {
    var status = button.parentNode.querySelector("[role=status]");
    function say(words) {
      if (status) { status.textContent = words; }
    }
    copyText(text).then(
      function () { say(button.getAttribute("data-done")); },
      function () { say(button.getAttribute("data-failed")); }
    );
  }

  function pageAddress() {
    var canonical = document.querySelector("link[rel=canonical]");
    return canonical ? canonical.href : location.href.split("#")[0];
  }

  all("[data-copy]").forEach(function (button) {
    var place = button.closest("[hidden]");
    while (place) {
      place.hidden = false;
      place = button.closest("[hidden]");
    }
    button.addEventListener("click", function () {
      copyFrom(button, button.getAttribute("data-copy") || pageAddress());
    });
  });

  /* ---- The player ---- */

  var player = document.querySelector("[data-player]");
  var media = player && player.querySelector("audio, video");
  if (!media) { return; }

  /* Seconds in "#t=754", "#t=12:34" or "#t=0:12:34" (W3C Media Fragments, npt); else null. */
  function secondsIn(hash) {
    var match = /#(?:.*&)?t=(?:npt:)?([\d:.]+)/.exec(hash);
    if (!match) { return null; }
    var total = match[1].split(":").reduce(function (sum, part) {
      return sum * 60 + Number(part);
    }, 0);
    return isFinite(total) ? total : null;
  }

  function plain(seconds) {
    return String(Math.round(seconds * 1000) / 1000);
  }

  function seek(seconds) {
    if (media.readyState > 0) {
      media.currentTime = seconds;
      mark();
      return;
    }
    media.addEventListener("loadedmetadata", function () {
      media.currentTime = seconds;
      mark();
    }, { once: true });
    if (media.preload === "none") { media.load(); }
  }

  function play() {
    var started = media.play();
    if (started) { started.catch(function () {}); }
  }

  function stamped(selector) {
    return all(selector).map(function (link) {
      return { at: secondsIn(link.hash), link: link };
    });
  }

  var chapters = stamped("[data-chapters] a[href*='#t=']");
  var lines = stamped("[data-transcript] a.time");

  function last(rows, seconds) {
    var low = 0;
    var high = rows.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (rows[middle].at <= seconds + 0.05) { low = middle + 1; } else { high = middle; }
    }
    return low - 1;
  }

  function marker(rows, element) {
    var shown = -1;
    return function (index) {
      if (index === shown) { return; }
      if (shown >= 0) { element(rows[shown]).removeAttribute("aria-current"); }
      if (index >= 0) { element(rows[index]).setAttribute("aria-current", "true"); }
      shown = index;
    };
  }

  var markChapter = marker(chapters, function (row) { return row.link; });
  var markLine = marker(lines, function (row) { return row.link.parentNode; });
  var begun = false;

  function mark() {
    markChapter(last(chapters, media.currentTime));
    markLine(last(lines, media.currentTime));
  }

  media.addEventListener("timeupdate", function () {
    begun = begun || !media.paused;
    if (begun) { mark(); }
  });

  /* A link to a moment, on this page or in the sound file itself, moves the player. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href*='#t=']");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      return;
    }
    var target = link.href.split("#")[0];
    var seconds = secondsIn(link.hash);
    if (seconds === null) { return; }
    if (target !== location.href.split("#")[0] && target !== media.src.split("#")[0]) { return; }
    event.preventDefault();
    seek(seconds);
    play();
    try {
      history.replaceState(null, "", "#t=" + plain(seconds));
    } catch (error) { /* a page from disk may not be allowed to; the sound has moved anyway */ }
  });

  /* Arriving at "#t=..." sets the place and never starts the sound. */
  function arrive() {
    var seconds = secondsIn(location.hash);
    if (seconds === null) { return; }
    seek(seconds);
    if (document.getElementById(location.hash.slice(1))) { return; }
    var row = lines[last(lines, seconds)];
    if (row) { row.link.parentNode.scrollIntoView(); }
  }
  window.addEventListener("hashchange", arrive);
  arrive();

  /* ---- Buttons ---- */

  var tools = player.querySelector("[data-tools]");
  tools.hidden = false;

  function skip(seconds) {
    var end = isFinite(media.duration) ? media.duration : Infinity;
    seek(Math.max(0, Math.min(end, media.currentTime + seconds)));
  }

  all("[data-skip]", tools).forEach(function (button) {
    button.addEventListener("click", function () {
      skip(Number(button.getAttribute("data-skip")));
    });
  });

  var speed = tools.querySelector("[data-speed]");
  speed.value = "1";
  speed.addEventListener("change", function () {
    media.playbackRate = Number(speed.value);
  });
  media.addEventListener("ratechange", function () {
    if (speed.querySelector("option[value='" + media.playbackRate + "']")) {
      speed.value = String(media.playbackRate);
    }
  });

  var moment = tools.querySelector("[data-copy-moment]");
  moment.addEventListener("click", function () {
    copyFrom(moment, pageAddress() + "#t=" + Math.floor(media.currentTime));
  });

  function fail() {
    var failed = player.querySelector("[data-failure]");
    failed.textContent = failed.getAttribute("data-failure");
  }
  media.addEventListener("error", fail);
  if (media.error) { fail(); }

  /* ---- The lock screen and the headset ---- */

  if (!("mediaSession" in navigator)) { return; }

  function chapterAway(step) {
    var index = last(chapters, media.currentTime) + step;
    if (chapters[index]) { seek(chapters[index].at); }
  }

  var actions = {
    seekbackward: function () { skip(-15); },
    seekforward: function () { skip(30); },
    previoustrack: chapters.length ? function () { chapterAway(-1); } : null,
    nexttrack: chapters.length ? function () { chapterAway(1); } : null
  };
  media.addEventListener("play", function () {
    /* A lock screen takes no picture from a disk, and says so in the console. */
    var cover = player.querySelector("img");
    navigator.mediaSession.metadata = new MediaMetadata({
      title: player.getAttribute("data-title"),
      artist: player.getAttribute("data-show"),
      artwork: cover && /^http/.test(cover.src) ? [{ src: cover.src }] : []
    });
    Object.keys(actions).forEach(function (name) {
      try {
        navigator.mediaSession.setActionHandler(name, actions[name]);
      } catch (error) { /* an older browser does not know this action */ }
    });
  });
})();
