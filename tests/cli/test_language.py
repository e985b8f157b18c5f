import pytest

from avsnitt.cli.language import message_language


@pytest.mark.parametrize(
    ("environ", "show", "expected"),
    [
        ({}, "", "en"),
        ({}, "sv", "sv"),
        ({}, "sv-FI", "sv"),
        ({}, "fi", "en"),
        ({"LANG": "sv_SE.UTF-8"}, "", "sv"),
        ({"LANG": "sv_SE@euro"}, "", "sv"),
        ({"LANG": "en_GB.UTF-8"}, "sv", "sv"),
        ({"LANG": "C.UTF-8"}, "", "en"),
        ({"LC_ALL": "POSIX"}, "sv", "sv"),
        ({"LC_ALL": "C", "LANG": "sv_SE"}, "", "en"),
        ({"LC_ALL": "", "LANG": "sv_SE"}, "", "sv"),
        ({"LC_MESSAGES": "sv_SE", "LANG": "en_GB"}, "", "sv"),
        ({"AVSNITT_LANG": "en"}, "sv", "en"),
        ({"AVSNITT_LANG": "sv", "LC_ALL": "en_GB"}, "en", "sv"),
        ({"AVSNITT_LANG": "../../etc"}, "", "en"),
    ],
)
def test_the_program_speaks_swedish_to_swedes(environ, show, expected):
    assert message_language(environ, show) == expected
