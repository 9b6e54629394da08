/* Fetches the rows anew every ten seconds and fills a row when it is opened. Old browsers are meant to understand it. */
(function () {
  "use strict";
  var EVERY = 10000;
  var box = document.getElementById("rows");
  var stale = document.getElementById("stale");
  if (!box) { return; }

  function get(address, done, failed) {
    var request = new XMLHttpRequest();
    request.open("GET", address);
    request.timeout = 8000;
    request.onload = function () {
      if (request.status === 200) { done(request.responseText); return; }
      if (request.status === 401) { window.location.href = "/login"; return; }
      failed();
    };
    request.onerror = failed;
    request.ontimeout = failed;
    request.send();
  }

  function each(selector, act) {
    var found = box.querySelectorAll(selector);
    for (var i = 0; i < found.length; i += 1) { act(found[i]); }
  }

  function fill(row) {
    var inside = row.querySelector(".inside");
    var source = row.getAttribute("data-source");
    if (!inside || !source) { return; }
    get(source, function (text) {
      if (!busy(inside)) { inside.innerHTML = text; }
    }, function () { return undefined; });
  }

  function busy(inside) {
    var active = document.activeElement;
    return Boolean(active && inside.contains(active) && active.tagName === "INPUT");
  }

  function opened(event) {
    var row = event.target;
    if (row.open && row.getAttribute("data-source")) { fill(row); }
  }

  function renew() {
    var active = document.activeElement;
    if (active && box.contains(active) && active.tagName === "INPUT") { return; }
    get(box.getAttribute("data-source"), function (text) {
      var open = {};
      var kept = {};
      var key = active && active.parentNode && active.parentNode.getAttribute && active.parentNode.getAttribute("data-key");
      each("details", function (row) {
        open[row.getAttribute("data-key")] = row.open;
        var inside = row.querySelector(".inside");
        if (row.open && inside) { kept[row.getAttribute("data-key")] = inside.innerHTML; }
      });
      box.innerHTML = text;
      each("details", function (row) {
        var name = row.getAttribute("data-key");
        if (open[name]) {
          if (kept[name]) { row.querySelector(".inside").innerHTML = kept[name]; }
          row.open = true;
        }
        if (name === key) { row.querySelector("summary").focus(); }
      });
      if (stale) { stale.hidden = true; }
    }, function () {
      if (stale) { stale.hidden = false; }
    });
  }

  box.addEventListener("toggle", opened, true);
  window.setInterval(renew, EVERY);
}());
