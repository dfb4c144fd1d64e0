"""Writes the settings of a Firefox that behaves as a person's own does, but asks nobody outside for anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

Settings = Mapping[str, bool | int | str]

# What decides what a visit leaves behind is left as it comes: session files, disk cache, history, form memory,
# back-forward cache. The browser's own set of settings for automation would change some of that.
AS_IT_COMES: Settings = {"remote.prefs.recommended": False}

# Nothing opens by itself, nothing asks.
NO_WELCOME: Settings = {
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.tabs.warnOnClose": False,
    "browser.warnOnQuit": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "startup.homepage_welcome_url": "about:blank",
    "termsofuse.bypassNotification": True,
}

# Nobody outside is asked for anything: no reports, no updates, no lists, no suggestions.
NO_OUTSIDE: Settings = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.contentblocking.category": "custom",
    "browser.ml.enable": False,
    "browser.newtabpage.activity-stream.testing.shouldInitializeFeeds": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.blockedURIs.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.topsites.contile.enabled": False,
    "browser.translations.enable": False,
    "browser.urlbar.suggest.searches": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.usage.uploadEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "geo.provider.network.url": "",
    "identity.fxaccounts.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.trr.mode": 5,
    "security.remote_settings.intermediates.enabled": False,
    "services.settings.server": "data:,#none",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "",
}

# The driver's hand is quicker than a person's: what it presses on a page just drawn counts too.
A_QUICK_HAND: Settings = {
    "dom.input_events.security.minNumTicks": 0,
    "dom.input_events.security.minTimeElapsedInMS": 0,
    "focusmanager.testmode": True,
}

# What else Tor Browser's safest mode turns off besides script: pictures and letters that are programs of their own.
SAFEST: Mapping[str, bool] = {
    "gfx.downloadable_fonts.enabled": False,
    "gfx.font_rendering.opentype_svg.enabled": False,
    "mathml.disabled": True,
    "media.mp4.enabled": False,
    "media.webm.enabled": False,
    "svg.disabled": True,
    "webgl.disabled": True,
}


def write_profile(folder: Path, *, script: bool, settings: Settings) -> None:
    """Writes `user.js`, which Firefox reads before anything else at each start."""
    told = {
        **AS_IT_COMES,
        **NO_WELCOME,
        **NO_OUTSIDE,
        **A_QUICK_HAND,
        # The switch a person without script has turned, Tor Browser's safest mode among them.
        "javascript.enabled": script,
        **settings,
    }
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in told.items()]
    (folder / "user.js").write_text("".join(lines), "utf-8")
