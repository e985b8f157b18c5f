"""`init`, `plan`, `add`: how a show and an episode begin."""

from __future__ import annotations

import errno
import json
import re
from pathlib import Path

import av
import jsonschema
import pytest
import yaml
from tests.cli.conftest import Avsnitt
from tests.support import shows

EXPECTED = {
    "sv": {"episodes/001-valkommen/episode.md", "episodes/002-din-nasta-fraga/episode.md"},
    "en": {"episodes/001-welcome/episode.md", "episodes/002-your-next-question/episode.md"},
}


def front_matter(path: Path) -> dict[str, object]:
    found = yaml.safe_load(path.read_text(encoding="utf-8").split("---")[1])
    assert isinstance(found, dict)
    return found


# init


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_new_show_builds_and_has_nothing_wrong(
    language: str, avsnitt: Avsnitt, tmp_path: Path
) -> None:
    result = avsnitt(
        "init", "min-podd", "--language", language, "--address", "https://podd.exempel.se"
    )
    show = tmp_path / "min-podd"
    assert (result.code, result.out) == (0, "min-podd\n")
    files = {path.relative_to(show).as_posix() for path in show.rglob("*") if path.is_file()}
    assert files >= EXPECTED[language] | {".gitignore", "site/show.toml", "site/cover.png"}
    assert {path.partition("/")[0] for path in files} == {".gitignore", "site", "episodes"}
    assert (show / ".gitignore").read_text() == "public/\n.avsnitt/\nclips/\n"
    assert 'title = "Min podd"' in (show / "site/show.toml").read_text(encoding="utf-8")

    built = avsnitt("build", at=show)
    assert built.code == 0, built.err
    assert built.out == f"{show}/public/index.html\n"
    page = (show / "public/index.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page

    checked = avsnitt("check", at=show)
    assert checked.code == 0
    assert checked.out == ""
    assert checked.err.count("\n") == 1, checked.err


def test_two_new_shows_share_no_identity(avsnitt: Avsnitt, tmp_path: Path) -> None:
    guids = []
    for name in ("ett", "två"):
        avsnitt("init", name, "--address", f"https://{name}.example/")
        text = (tmp_path / name / "site/show.toml").read_text(encoding="utf-8")
        assert f'address = "https://{name}.example"' in text
        guids += re.findall(r'^guid = "(.+)"', text, re.MULTILINE)
        guids += [front_matter(path)["guid"] for path in (tmp_path / name).glob("episodes/*/*.md")]
    assert len(set(guids)) == 6


def test_two_new_shows_without_an_address_share_no_identity(
    avsnitt: Avsnitt, tmp_path: Path
) -> None:
    guids = set()
    for name in ("ett", "två"):
        avsnitt("init", name)
        text = (tmp_path / name / "site/show.toml").read_text(encoding="utf-8")
        guids |= set(re.findall(r'^guid = "(.+)"', text, re.MULTILINE))
    assert len(guids) == 2


def test_a_new_show_without_an_address_is_shown_that_it_needs_one(
    avsnitt: Avsnitt, tmp_path: Path
) -> None:
    avsnitt("init", "podd")
    built = avsnitt("build", at=tmp_path / "podd")
    assert built.code == 0
    checked = json.loads(avsnitt("check", "--json", at=tmp_path / "podd").out)
    assert [(one["code"], one["text"]) for one in checked] == [
        ("SHOW-012", 'address = "https://podd.example"')
    ]


@pytest.mark.parametrize("title", ['"""', "a\\", 'x"\ny = 1', "{guid}", "Å & <b>", "--title"])
def test_a_title_cannot_break_the_settings(title: str, avsnitt: Avsnitt, tmp_path: Path) -> None:
    assert avsnitt("init", "show", f"--title={title}").code == 0
    assert avsnitt("check", "--json", at=tmp_path / "show").code == 0


def test_a_folder_with_something_in_it_is_left_alone(avsnitt: Avsnitt, tmp_path: Path) -> None:
    mine = shows.write(tmp_path, "show/mine.txt", "mine")
    result = avsnitt("init", "show")
    assert result.code == 2
    assert "show already has something in it" in result.err
    assert list((tmp_path / "show").iterdir()) == [mine]


def test_a_new_git_repository_counts_as_empty(avsnitt: Avsnitt, tmp_path: Path) -> None:
    (tmp_path / "show/.git").mkdir(parents=True)
    assert avsnitt("init", "show").code == 0
    assert avsnitt("init", ".", at=tmp_path / "show").code == 2


def test_the_schemas_know_the_files_of_a_new_show(avsnitt: Avsnitt, tmp_path: Path) -> None:
    avsnitt("init", "show")
    schemas = {
        path.name: json.loads(path.read_text(encoding="utf-8"))
        for path in (tmp_path / "show/site/schemas").iterdir()
    }
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for path in (tmp_path / "show/episodes").glob("*/episode.md"):
        values = json.loads(
            json.dumps(front_matter(path), default=lambda when: f"{when:%Y-%m-%d %H:%M}")
        )
        jsonschema.validate(values, schemas["episode.schema.json"])
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(values | {"titel": "x"}, schemas["episode.schema.json"])


def test_the_schemas_can_be_written_again(avsnitt: Avsnitt, show: Path) -> None:
    result = avsnitt("schema", at=show)
    assert result.out.splitlines() == [
        "site/schemas/show.schema.json",
        "site/schemas/episode.schema.json",
        "site/schemas/person.schema.json",
        "site/schemas/page.schema.json",
    ]
    assert all((show / path).exists() for path in result.out.splitlines())


def test_the_schemas_are_not_written_where_there_is_no_show(
    avsnitt: Avsnitt, tmp_path: Path
) -> None:
    result = avsnitt("schema")
    assert (result.code, result.out) == (1, "")
    assert "SHOW-001" in result.err
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("address", ["podd.exempel.se", "https://", "ftp://podd.exempel.se", "a b"])
def test_what_is_no_address_makes_no_show(address: str, avsnitt: Avsnitt, tmp_path: Path) -> None:
    result = avsnitt("init", "podd", "--address", address)
    assert result.code == 2
    assert "https://" in result.err
    assert not (tmp_path / "podd").exists()


# plan


def test_a_question_becomes_a_planned_episode(avsnitt: Avsnitt, show: Path) -> None:
    result = avsnitt("plan", "  Varför svarar vi:  så sent? #nu ", at=show)
    assert result.out == "episodes/005-varfor-svarar-vi-sa-sent-nu/episode.md\n"
    values = front_matter(show / result.out.strip())
    assert values["title"] == "Varför svarar vi: så sent? #nu"
    assert values["status"] == "planned"
    assert avsnitt("build", at=show).code == 0
    assert (show / "public/episodes/varfor-svarar-vi-sa-sent-nu.html").exists()
    assert "sa-sent" not in (show / "public/feed.xml").read_text(encoding="utf-8")


def test_the_same_question_twice_is_two_episodes(avsnitt: Avsnitt, show: Path) -> None:
    paths = [avsnitt("plan", "Varför?", at=show).out for _ in range(2)]
    assert paths == ["episodes/005-varfor/episode.md\n", "episodes/006-varfor-2/episode.md\n"]
    for _ in range(2):
        assert avsnitt("plan", "Varför då då? " * 15, at=show).code == 0
    assert avsnitt("build", at=show).code == 0


@pytest.mark.parametrize(
    "question", ["🎙", "...", "../../etc/passwd", "a" * 500, "-", "no", "12:30", "CON", "問い"]
)
def test_any_question_gets_an_address_that_works(
    question: str, avsnitt: Avsnitt, show: Path
) -> None:
    result = avsnitt("plan", "--", question, at=show)
    if result.code == 0:
        assert re.fullmatch(r"episodes/005-[a-z0-9-]{1,100}/episode\.md\n", result.out)
        assert avsnitt("check", at=show).code in (0, 1)
        assert len(list(show.glob("episodes/*"))) == 5
    checked = json.loads(avsnitt("check", "--json", at=show).out)
    assert [
        one for one in checked if one["severity"] == "error" and "title" not in one["text"]
    ] == []


def test_an_empty_question_is_not_one(avsnitt: Avsnitt, show: Path) -> None:
    assert avsnitt("plan", "  ", at=show).code == 2


@pytest.mark.parametrize("command", [("plan", "En fråga?"), ("check",), ("build",)])
def test_outside_a_show_the_commands_say_so(
    command: tuple[str, ...], avsnitt: Avsnitt, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    result = avsnitt(*command, at=tmp_path / "empty")
    assert result.code == 1
    assert "SHOW-001" in result.err
    assert "avsnitt init" in result.err
    assert [path.name for path in (tmp_path / "empty").iterdir()] in ([], [".avsnitt"])


# add


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return shows.write(tmp_path, "rec/Nytt samtal_1.mp3", shows.mp3(tmp_path, 330))


def test_a_recording_becomes_an_episode(avsnitt: Avsnitt, show: Path, recording: Path) -> None:
    before = recording.stat()
    result = avsnitt("add", str(recording), at=show)
    assert result.code == 0, result.err
    assert result.out == "episodes/005-nytt-samtal-1/episode.md\n"
    assert "0:02, MP3, mono, 44.1 kHz" in result.err
    assert (show / "episodes/005-nytt-samtal-1/nytt-samtal-1.mp3").read_bytes() == (
        recording.read_bytes()
    )
    after = recording.stat()
    assert (after.st_mtime_ns, after.st_ino, after.st_mode) == (
        before.st_mtime_ns,
        before.st_ino,
        before.st_mode,
    )
    assert front_matter(show / result.out.strip())["status"] == "recorded"
    assert avsnitt("build", at=show).code == 0
    assert "nytt-samtal" not in (show / "public/feed.xml").read_text(encoding="utf-8")


def test_a_recording_is_published_at_once_when_asked(
    avsnitt: Avsnitt, show: Path, recording: Path
) -> None:
    result = avsnitt("add", str(recording), "--title", "Ny: fråga", "--publish", at=show)
    assert front_matter(show / result.out.strip())["title"] == "Ny: fråga"
    assert avsnitt("build", at=show).code == 0
    assert (show / "public/media/ny-fraga.mp3").exists()
    assert "Ny: fråga" in (show / "public/feed.xml").read_text(encoding="utf-8")
    assert avsnitt("check", at=show).code == 0


def test_a_recording_with_chapters_of_its_own_is_said_to_have_them(
    avsnitt: Avsnitt, show: Path, recording: Path, tmp_path: Path
) -> None:
    assert "kapitel" not in avsnitt("add", str(recording), at=show).err
    sound = shows.marked(shows.mp3(tmp_path, 330), "Början", "Mitten")
    marked = shows.write(tmp_path, "rec/markerad.mp3", sound)
    result = avsnitt("add", str(marked), "--publish", at=show)
    assert "Inspelningen har 2 egna kapitel." in result.err
    assert avsnitt("build", at=show).code == 0
    assert "Mitten" in (show / "public/episodes/markerad.html").read_text(encoding="utf-8")


def test_a_recording_goes_to_the_planned_episode(
    avsnitt: Avsnitt, show: Path, recording: Path
) -> None:
    result = avsnitt("add", str(recording), "--to", "fraga", "--publish", at=show)
    assert result.out == "episodes/004-fraga/episode.md\n"
    text = (show / "episodes/004-fraga/episode.md").read_text(encoding="utf-8")
    assert "guid: 44444444-4444-4444-8444-444444444444" in text
    assert "En öppen fråga." in text
    assert avsnitt("build", at=show).code == 0
    assert (show / "public/media/fraga.mp3").exists()


def test_a_new_recording_of_a_published_episode_takes_over(
    avsnitt: Avsnitt, show: Path, recording: Path
) -> None:
    result = avsnitt("add", str(recording), "--to", "andra", at=show)
    assert result.code == 0, result.err
    values = front_matter(show / "episodes/002-andra/episode.md")
    assert (values["status"], values["sound"]) == ("published", "nytt-samtal-1.mp3")
    assert (show / "episodes/002-andra/samtal.mp3").exists()
    assert avsnitt("build", at=show).code == 0


def test_a_recording_never_takes_the_place_of_another(
    avsnitt: Avsnitt, show: Path, recording: Path
) -> None:
    assert avsnitt("add", str(recording), "--to", "andra", at=show).code == 0
    shows.write(recording.parent, recording.name, shows.mp3(show, 990))
    result = avsnitt("add", str(recording), "--to", "andra", at=show)
    assert result.code == 2
    assert "finns redan" in result.err
    assert (show / "episodes/002-andra/nytt-samtal-1.mp3").read_bytes() == shows.mp3(show, 330)


def test_the_same_recording_twice_is_two_episodes(
    avsnitt: Avsnitt, show: Path, recording: Path
) -> None:
    one, other = (avsnitt("add", str(recording), at=show).out for _ in range(2))
    assert (one, other) == (
        "episodes/005-nytt-samtal-1/episode.md\n",
        "episodes/006-nytt-samtal-1-2/episode.md\n",
    )


def test_a_master_is_encoded_by_the_build(avsnitt: Avsnitt, show: Path, tmp_path: Path) -> None:
    master = shows.write(tmp_path, "rec/samtal.wav", shows.wav(330))
    result = avsnitt("add", str(master), "--publish", "--json", at=show)
    facts = json.loads(result.out)
    assert facts["facts"]["format"] == "wav"
    assert facts["status"] == "published"
    assert avsnitt("build", at=show).code == 0
    assert (show / "public/media/samtal.mp3").stat().st_size > 10_000
    assert (show / facts["sound"]).read_bytes() == shows.wav(330)


def test_what_is_not_sound_makes_no_episode(avsnitt: Avsnitt, show: Path, tmp_path: Path) -> None:
    shows.write(tmp_path, "rec/samtal.mp3", b"PK\x03\x04 not sound at all" * 100)
    result = avsnitt("add", str(tmp_path / "rec/samtal.mp3"), at=show)
    assert result.code == 1
    assert "SOUND-001" in result.err or "SOUND-002" in result.err
    assert len(list(show.glob("episodes/*"))) == 4


@pytest.mark.parametrize("path", ["finns-inte.mp3", ".", "/dev/null", ""])
def test_a_path_that_is_no_file_is_said_to_be_none(path: str, avsnitt: Avsnitt, show: Path) -> None:
    result = avsnitt("add", path, at=show)
    assert result.code == 2
    assert "Traceback" not in result.err
    assert len(list(show.glob("episodes/*"))) == 4


@pytest.mark.parametrize("slug", ["../ute", "/ute", "A B", "å", ".dold", "a/b", "a-" * 50])
def test_an_address_that_cannot_be_one_is_refused(
    slug: str, avsnitt: Avsnitt, show: Path, recording: Path
) -> None:
    before = sorted(show.parent.rglob("*"))
    result = avsnitt("add", str(recording), "--to", slug, at=show)
    assert result.code == 2
    assert "kan inte vara ett avsnitts adress" in result.err
    assert "--to" in result.err
    assert sorted(show.parent.rglob("*")) == before


def test_a_recording_that_lies_in_its_folder_already_is_not_copied(
    avsnitt: Avsnitt, show: Path
) -> None:
    sound = shows.write(show, "episodes/004-fraga/samtal.mp3", shows.mp3(show, 330))
    before = sound.stat().st_ino
    result = avsnitt("add", "episodes/004-fraga/samtal.mp3", "--to", "fraga", at=show)
    assert result.code == 0
    assert sound.stat().st_ino == before


def test_a_recording_that_did_not_arrive_leaves_no_episode(
    avsnitt: Avsnitt, show: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", fill)
    before = sorted(show.rglob("*"))
    result = avsnitt("add", str(recording), at=show)
    assert result.code == 3
    assert "disken är full" in result.err
    assert sorted(show.rglob("*")) == before


def test_a_film_is_reported_by_the_name_its_file_has(
    avsnitt: Avsnitt, show: Path, tmp_path: Path
) -> None:
    film = tmp_path / "rec/film.mov"
    film.parent.mkdir()
    with av.open(str(film), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=8000)
        frame.sample_rate = 8000
        for packet in (*stream.encode(frame), *stream.encode(None)):
            out.mux(packet)
    result = avsnitt("add", str(film), at=show)
    assert result.code == 0, result.err
    assert "0:01, MOV, mono, 8 kHz" in result.err
