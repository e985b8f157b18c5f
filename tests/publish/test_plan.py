import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsnitt.publish.plan import (
    FileFacts,
    TargetManifest,
    in_order,
    is_publishable,
    parse_manifest,
    plan_transfer,
    rank,
    render_manifest,
)

PATHS = st.sampled_from(
    [
        "index.html",
        "feed.xml",
        "feed.json",
        "episodes/a.html",
        "episodes/b.html",
        "media/a.mp3",
        "media/b.opus",
        "chapters/a.json",
        "transcripts/a.vtt",
        "transcripts/a.html",
        "pictures/a-12345678.png",
        "static/style.css",
        "robots.txt",
        "odd",
    ]
)
FACTS = st.builds(FileFacts, st.sampled_from(["d1", "d2"]), st.integers(0, 3))
MANIFESTS = st.dictionaries(PATHS, FACTS)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


@given(MANIFESTS, MANIFESTS)
def test_following_the_plan_makes_the_remote_the_same(local, remote):
    plan = plan_transfer(local, remote)
    after = dict(remote)
    for step in plan.steps:
        if step.action == "upload":
            after[step.path] = local[step.path]
        else:
            del after[step.path]
    assert after == local


@given(MANIFESTS, MANIFESTS)
def test_what_is_pointed_at_goes_before_what_points(local, remote):
    plan = plan_transfer(local, remote)
    ranks = [rank(step.path) for step in plan.uploads]
    assert ranks == sorted(ranks)
    gone = [rank(step.path) for step in plan.deletions]
    assert gone == sorted(gone, reverse=True)
    assert plan.steps == plan.uploads + plan.deletions


@given(MANIFESTS, MANIFESTS)
def test_nothing_is_sent_twice_and_nothing_of_anothers_is_deleted(local, remote):
    plan = plan_transfer(local, remote)
    touched = [step.path for step in plan.steps]
    assert len(set(touched)) == len(touched)
    assert {step.path for step in plan.deletions} <= remote.keys()
    assert {step.path for step in plan.uploads}.isdisjoint(plan.unchanged)
    assert {step.path for step in plan.uploads} | set(plan.unchanged) == local.keys()
    assert plan.upload_bytes == sum(local[step.path].size_bytes for step in plan.uploads)


@given(MANIFESTS)
def test_a_second_run_has_nothing_to_do(local):
    assert plan_transfer(local, local).steps == ()


@given(MANIFESTS, MANIFESTS)
def test_the_plan_does_not_depend_on_the_order_of_the_manifests(local, remote):
    def turned(manifest):
        return dict(reversed(manifest.items()))

    assert plan_transfer(local, remote) == plan_transfer(turned(local), turned(remote))


def test_the_order_of_a_whole_show():
    assert in_order(
        [
            "feed.xml",
            "feed.json",
            "index.html",
            "om.html",
            "episodes/a.html",
            "static/site.js",
            "pictures/a.png",
            "transcripts/a.txt",
            "chapters/a.json",
            "media/a.MP3",
        ]
    ) == [
        "media/a.MP3",
        "chapters/a.json",
        "pictures/a.png",
        "transcripts/a.txt",
        "static/site.js",
        "episodes/a.html",
        "om.html",
        "index.html",
        "feed.json",
        "feed.xml",
    ]


def test_a_feeds_older_pages_come_before_the_page_that_leads_to_them():
    feeds = ["feed-1.xml", "feed-2.xml", "feed-en-1.xml", "feed-en.xml", "feed.json", "feed.xml"]
    others = ["calendar.ics", "coming.xml", "network.opml"]
    pages = ["om.html", "index.html"]
    everything = [*feeds, *others, "feed-1.json", *pages]
    assert in_order(everything) == [*pages, *sorted((*feeds, *others, "feed-1.json"))]
    assert sorted(feeds) == feeds


@given(MANIFESTS, MANIFESTS)
def test_a_manifest_survives_its_file(files, underway):
    published = TargetManifest(files, underway)
    data = render_manifest(published)
    assert parse_manifest(data) == published
    turned = TargetManifest(dict(reversed(files.items())), dict(reversed(underway.items())))
    assert render_manifest(turned) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"version":2}',
        b'{"strange":1}',
        b'{"files":{"../../etc/passwd":{"digest":"x","size_bytes":1}}}',
        b'{"files":{"/etc/passwd":{"digest":"x","size_bytes":1}}}',
        b'{"underway":{"a/../../x":{"digest":"x","size_bytes":1}}}',
        b'{"files":{"c:\\\\x":{"digest":"x","size_bytes":1}}}',
        b'{"files":{"a":{"digest":"x"}}}',
    ],
)
def test_a_damaged_or_hostile_manifest_is_none(data):
    assert parse_manifest(data) is None


@given(st.lists(NAMES, min_size=1, max_size=4).map("/".join))
def test_a_publishable_path_stays_inside(path):
    if is_publishable(path):
        assert not path.startswith("/")
        assert not {"..", ".", ""} & set(path.split("/"))


def test_names_with_swedish_letters_are_publishable():
    assert is_publishable("episodes/vågar vi.html")
    assert not is_publishable("bad\udcff.html")
    assert not is_publishable(".avsnitt-published.json")
    assert not is_publishable("media/.a.mp3.avsnitt-part")
