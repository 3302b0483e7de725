"""Installs the archive with the Plugin Manager's own code, in a running PyMOL window."""

import report
from pymol import cmd
from pymol.plugins import plugins
from pymol.plugins.installation import installPluginFromFile


def install():
    feedback = []
    for _ in range(report.ARGUMENTS.get("times", 1)):
        installPluginFromFile(report.ARGUMENTS["zip"], plugdir=report.ARGUMENTS["plugdir"])
        feedback += cmd._get_feedback()
    return {
        "plugins": sorted(plugins),
        "loaded": plugins["pymolcode_plugin"].loaded,
        "version": plugins["pymolcode_plugin"].get_version(),
        "menu": report.plugin_menu(),
        "feedback": feedback,
    }


report.run_when_idle(install)
