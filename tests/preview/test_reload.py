"""Live reload in a real browser: what changed is swapped, and the sound plays on."""

import os
import shutil
import subprocess

import pytest

from avsnitt.preview.server import PreviewServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FFMPEG = shutil.which("ffmpeg")
CI = os.environ.get("CI") == "true"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
]
PAGE = """<!doctype html>
<html lang="sv"><head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self';
 style-src 'self'; media-src 'self'; img-src 'self'">
<title>{title}</title>
<link rel="stylesheet" href="style.css">
<script src="player.js" defer></script>
</head><body>
<header><a href="index.html">Öppen kanal</a></header>
<main><h1>{title}</h1>{before}
<figure><audio controls preload="metadata" src="media/samtal.mp3"></audio></figure>
<p id="notes">{notes}</p>
<noscript><p>Utan skript går det också.</p></noscript>
<div id="tall"></div>
</main><footer>{footer}</footer></body></html>
"""
SCRIPT = """
const button = document.createElement("button");
button.textContent = "+30 s";
button.id = "skip";
document.querySelector("figure").append(button);
document.addEventListener("avsnitt:updated", () => document.body.dataset.updated = "yes");
"""
FIRST = {"title": "Frågan", "before": "", "notes": "Ett", "footer": "CC BY"}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CI and CHROMIUM is None, reason="needs chromium"),
    pytest.mark.skipif(not CI and FFMPEG is None, reason="needs ffmpeg to make a sound"),
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "samtal.mp3"
    made = [
        "-f",
        "lavfi",
        "-i",
        "sine=frequency=220:duration=240:sample_rate=22050",
        "-b:a",
        "64k",
        path,
    ]
    subprocess.run(["ffmpeg", "-v", "error", *made], check=True)
    return path


@pytest.fixture
def root(tmp_path, sound):
    (tmp_path / "media").mkdir()
    shutil.copy(sound, tmp_path / "media/samtal.mp3")
    (tmp_path / "style.css").write_text("#tall { height: 4000px } h1 { color: rgb(1, 1, 1) }")
    (tmp_path / "favicon.ico").write_bytes(b"")
    (tmp_path / "player.js").write_text(SCRIPT)
    write(tmp_path, FIRST)
    return tmp_path


def write(root, parts, page=PAGE):
    (root / "index.html").write_text(page.format(**parts), encoding="utf-8")


@pytest.fixture
def server(root):
    with PreviewServer(root, port=0) as server:
        yield server


@pytest.fixture(scope="module")
def browser(driver):
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def page(browser, server):
    page = browser.new_page()
    page.complaints = []
    page.on(
        "console", lambda sent: page.complaints.append(sent.text) if sent.type == "error" else 0
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    with page.expect_request("**/.avsnitt/events*"):
        page.goto(server.address)
    page.wait_for_timeout(200)
    yield page
    complaints = page.complaints
    page.close()
    assert complaints == []


def wait_until(page, expression):
    """The pages' policy forbids what the library's own waiting does."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


def play(page):
    page.evaluate(
        """async () => {
            const audio = document.querySelector("audio");
            audio.muted = true;
            await audio.play();
            audio.dataset.first = "yes";
            window.kept = audio;
        }"""
    )
    wait_until(page, "document.querySelector('audio').currentTime > 0.2")


def still_playing(page):
    return page.evaluate(
        """async () => {
            const audio = document.querySelector("audio");
            const before = audio.currentTime;
            await new Promise((resolve) => setTimeout(resolve, 400));
            return audio === window.kept && !audio.paused && audio.currentTime > before;
        }"""
    )


def test_a_player_seeks_into_the_middle(page):
    page.evaluate(
        """() => new Promise((resolve, reject) => {
            const audio = document.querySelector("audio");
            audio.addEventListener("seeked", resolve);
            audio.addEventListener("error", () => reject(new Error("error")));
            audio.addEventListener("loadedmetadata", () => { audio.currentTime = 200; });
            audio.load();
        })"""
    )
    assert page.evaluate("document.querySelector('audio').currentTime") == pytest.approx(200, abs=1)


def test_a_change_is_shown_while_the_sound_plays_on(page, server, root):
    play(page)
    page.evaluate("scrollTo(0, 1500)")
    changed = {"title": "Svaret", "before": "<div><p>Nytt</p></div>", "notes": "Två", "footer": "B"}
    write(root, changed)
    server.announce_reload(["index.html"])
    page.wait_for_selector("text=Nytt")
    assert page.title() == "Svaret"
    assert page.inner_text("#notes") == "Två"
    assert page.inner_text("footer") == "B"
    assert page.evaluate("scrollY") > 1000
    assert page.locator("#skip").count() == 1
    assert page.evaluate("document.body.dataset.updated") == "yes"
    assert still_playing(page)


def test_changes_follow_on_changes(page, server, root):
    play(page)
    for count in range(1, 6):
        before = "".join(f"<p class=n>{number}</p>" for number in range(count % 4))
        write(root, {**FIRST, "before": before, "notes": f"Nr {count}"})
        server.announce_reload(["index.html"])
        page.wait_for_selector(f"text=Nr {count}")
        assert page.locator(".n").count() == count % 4
    assert still_playing(page)


def test_a_new_style_is_put_on_without_a_reload(page, server, root):
    play(page)
    (root / "style.css").write_text("#tall { height: 4000px } h1 { color: rgb(9, 9, 9) }")
    server.announce_reload(["style.css"])
    wait_until(page, "getComputedStyle(document.querySelector('h1')).color == 'rgb(9, 9, 9)'")
    wait_until(page, "document.querySelectorAll('link').length == 1")
    assert still_playing(page)


def test_a_new_script_waits_for_the_sound_to_stop(page, server, root):
    play(page)
    (root / "player.js").write_text("document.body.dataset.script = 'new';")
    server.announce_reload(["player.js"])
    page.wait_for_timeout(300)
    assert still_playing(page)
    page.evaluate("document.querySelector('audio').pause()")
    page.wait_for_selector("body[data-script=new]")


def test_a_retagged_sound_does_not_stop_the_one_that_plays(page, server, root):
    play(page)
    other = root / "media/other"
    other.write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x00" + (root / "media/samtal.mp3").read_bytes())
    other.replace(root / "media/samtal.mp3")
    write(root, {**FIRST, "notes": "Ny titel i filen"})
    server.announce_reload(["index.html", "media/samtal.mp3"])
    page.wait_for_selector("text=Ny titel i filen")
    assert still_playing(page)


def test_another_sound_takes_the_place_of_the_first(page, server, root, sound):
    shutil.copy(sound, root / "media/annat.mp3")
    write(root, {**FIRST, "notes": "Bytt"}, PAGE.replace("samtal.mp3", "annat.mp3"))
    server.announce_reload(["index.html"])
    page.wait_for_selector("text=Bytt")
    assert page.get_attribute("audio", "src") == "media/annat.mp3"


def test_problems_lie_over_the_page_until_they_are_mended(page, server):
    server.announce_problems("episodes/1-a/episode.md:3\n<b>okänd</b> nyckel")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text() == "episodes/1-a/episode.md:3\n<b>okänd</b> nyckel"
    server.announce_reload([])
    alert.wait_for(state="hidden")
    server.announce_problems("igen")
    alert.wait_for()
    page.get_by_role("button", name="Close").click()
    alert.wait_for(state="hidden")


def test_a_page_opened_later_shows_the_problems_too(page, server):
    server.announce_problems("fel")
    page.goto(server.address)
    page.get_by_role("alert").wait_for()


def test_a_page_survives_a_restart_of_the_server(page, server, root):
    port = int(server.address.rstrip("/").rsplit(":", 1)[1])
    server.close()
    page.wait_for_timeout(200)
    write(root, {**FIRST, "notes": "Efter omstarten"})
    with PreviewServer(root, port=port):
        page.wait_for_selector("text=Efter omstarten", timeout=15_000)
    page.complaints.clear()
