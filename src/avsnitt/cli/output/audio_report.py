"""The report on an episode's audio, in plain words."""

from __future__ import annotations

from avsnitt.audio.mix.changes import number
from avsnitt.cli.output.terminal import Terminal
from avsnitt.i18n import Strings, clock
from avsnitt.model.audio import Analysis, MadeAudio, MadeForm
from avsnitt.site.wording import spell_change, spell_number


def report_audio(terminal: Terminal, made: MadeAudio) -> None:
    """Print how the recording came, every change to it, and the measurements of each form."""
    words = terminal.strings
    terminal.say(_key("made.came", made.recorded), **_measures(words, made.recorded))
    for change in made.changes:
        terminal.talk(f"  - {spell_change(change, words)}")
    for form in made.forms:
        if form.file:
            values = _measures(words, form.analysis)
            terminal.say(_key("made.form", form.analysis), form=_name(words, form), **values)


def _key(key: str, analysis: Analysis) -> str:
    return f"{key}-unmeasured" if analysis.loudness.integrated_lufs is None else key


def facts_of(made: MadeAudio) -> dict[str, object]:
    """The same for a program to read."""
    return {
        "duration_ms": made.recorded.duration_ms,
        "recorded": measures_of(made.recorded),
        "forms": [
            {
                "form": one.form,
                "file": one.file,
                "duration_ms": one.analysis.duration_ms,
                "bitrate_bps": one.bitrate_bps,
                **measures_of(one.analysis),
            }
            for one in made.forms
        ],
        "changes": [{"code": one.code, **one.values} for one in made.changes],
    }


def measures_of(analysis: Analysis) -> dict[str, float | None]:
    """The loudness of some audio: LUFS, LU and dBTP; None for what cannot be measured."""
    loudness = analysis.loudness
    return {
        "integrated_lufs": loudness.integrated_lufs,
        "range_lu": loudness.range_lu,
        "true_peak_dbtp": loudness.true_peak_dbtp,
    }


def _measures(words: Strings, analysis: Analysis) -> dict[str, str]:
    loudness = analysis.loudness
    return {
        "duration": clock(analysis.duration_ms),
        "lufs": _spelt(words, loudness.integrated_lufs),
        "peak": _spelt(words, loudness.true_peak_dbtp),
    }


def _spelt(words: Strings, value: float | None) -> str:
    if value is None:
        return words("made.nothing")
    return spell_number(number(value), words.language)


def _name(words: Strings, form: MadeForm) -> str:
    return words(f"made.{form.form}", kbps=form.bitrate_bps // 1000)
