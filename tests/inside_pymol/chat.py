"""A short chat with a scripted model."""

import panel
import report
from pymol import cmd


async def chat(app):
    cmd.load(report.ARGUMENTS["structure"])
    for text in report.ARGUMENTS["say"].split("|"):
        await panel.say(app, text)
    return {
        "shown": app.dock.transcript.plain_text(),
        "transcript": str(app.conversation.transcript.path),
        "shot": await panel.shot("chat.png"),
        "objects": cmd.get_names(),
        "red": cmd.count_atoms("color red"),
    }


panel.script(chat)
