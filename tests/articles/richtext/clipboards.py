"""What programs put on a clipboard, with words of our own, and what is to become of it: in the editor and by clean() alike."""

from __future__ import annotations

from typing import NamedTuple

HEAD = '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">'


class Clipboard(NamedTuple):
    """`pictures`: how many of other places are left out."""

    html: str
    expected: str
    pictures: int = 0


def item(level: int, marker: str, words: str) -> str:
    """A paragraph that stands for an item of a list, as Word writes it."""
    return (
        f"<p class=MsoListParagraph style='margin-left:{level * 36}.0pt;text-indent:-18.0pt;mso-list:l0 level{level} lfo1'>"
        f"<![if !supportLists]><span style='mso-fareast-font-family:Calibri'><span style='mso-list:Ignore'>{marker}<span "
        f"style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>{words}<o:p></o:p></p>"
    )


WORD = Clipboard(
    f"""{HEAD}<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {{margin:0cm}} --></style></head>
<body lang=EN-GB><!--StartFragment--><p class=MsoTitle>A harbour in winter<o:p></o:p></p>
<h1 style='mso-outline-level:1'>What&nbsp; froze<o:p></o:p></h1>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Ice</b> came <i>early</i><span style='mso-spacerun:yes'>&nbsp;
</span>this year: “the ferries stayed” at 10&nbsp;knots.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal><span lang=EN-US style='text-decoration:line-through'>Gone</span> and
<a href="https://example.org/ice"><span style='color:blue'>measured</span></a>, see <a href="#_Toc1">below</a>.</p>
{item(1, "1.", "First")}{item(2, "a.", "Inner")}{item(2, "b.", "Other")}{item(1, "2.", "Second")}
<p class=MsoQuote>It was cold.</p>
<table class=MsoTableGrid border=1><tr style='mso-yfti-irow:0'><td colspan=2 valign=top><p class=MsoNormal><b>Ships</b></p></td>
<td><p class=MsoNormal><b>Days</b></p></td></tr>
<tr><td rowspan=2><p class=MsoNormal>North</p></td><td><p class=MsoNormal>Ferry</p></td><td><p class=MsoNormal>4</p></td></tr>
<tr><td><p class=MsoNormal>Tug</p></td><td><p class=MsoNormal>2</p></td></tr></table>
<p class=MsoNormal><img width=300 height=200 src="file:///C:/Users/clip_image002.jpg"></p><!--EndFragment--></body></html>""",
    "<h2>A harbour in winter</h2><h2>What froze</h2>"
    "<p><strong>Ice</strong> came <em>early</em> this year: “the ferries stayed” at 10&nbsp;knots.</p>"
    '<p><s>Gone</s> and <a href="https://example.org/ice">measured</a>, see below.</p>'
    "<ol><li>First<ol><li>Inner</li><li>Other</li></ol></li><li>Second</li></ol><blockquote><p>It was cold.</p></blockquote>"
    '<table class="stack"><thead><tr><th scope="col">Ships</th><th scope="col">Ships</th><th scope="col">Days</th></tr></thead>'
    "<tbody><tr><td>North</td><td>Ferry</td><td>4</td></tr><tr><td></td><td>Tug</td><td>2</td></tr></tbody></table>",
    pictures=1,
)

DOCS = Clipboard(
    """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><h1 dir="ltr" style="line-height:1.38;"><span
style="font-size:20pt;font-weight:400;">The ferry</span></h1><p dir="ltr" style="line-height:1.38;"><span
style="font-size:11pt;font-weight:700;">Bold</span><span style="font-size:11pt;font-weight:400;">, </span><span
style="font-style:italic;">slanted</span><span>&nbsp;</span><span> and </span><a
href="https://www.google.com/url?q=https://example.org/tide?a%3D1&amp;sa=D&amp;ust=1" style="text-decoration:none;"><span
style="color:#1155cc;text-decoration:underline;">linked</span></a></p><ul><li dir="ltr" style="list-style-type:disc;"><p dir="ltr"
role="presentation"><span>One</span></p></li><ul><li dir="ltr"><p dir="ltr"><span>Inner</span></p></li></ul><li dir="ltr"><p
dir="ltr"><span>Two</span></p></li></ul><div dir="ltr" align="left"><table style="border:none;"><colgroup><col /></colgroup><tbody>
<tr style="height:0pt"><td style="border:solid"><p dir="ltr"><span style="font-weight:700;">Port</span></p></td><td><p dir="ltr"><span
style="font-weight:700;">Time</span></p></td></tr><tr><td><p dir="ltr"><span>North</span></p></td><td><p
dir="ltr"><span>9:00</span></p></td></tr></tbody></table></div><p dir="ltr"><span><img src="https://lh7.googleusercontent.example/a"
width="602" height="400" /></span></p></b><br class="Apple-interchange-newline">""",
    "<h2>The ferry</h2>"
    '<p><strong>Bold</strong>, <em>slanted</em> and <a href="https://example.org/tide?a=1">linked</a></p>'
    "<ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul>"
    '<table class="stack"><thead><tr><th scope="col">Port</th><th scope="col">Time</th></tr></thead>'
    "<tbody><tr><td>North</td><td>9:00</td></tr></tbody></table>",
    pictures=1,
)

BLOGGER = Clipboard(
    """<div class="separator" style="clear: both; text-align: center;"><a href="https://blogger.example/s1600/a.jpg"
imageanchor="1"><img border="0" src="https://blogger.example/s320/a.jpg" width="320" height="200" /></a></div>
<div style="text-align: justify;"><span style="font-family: georgia; font-weight: bold;">A first line</span><br />second line</div>
<div><br /></div><div>Third<br /><br />Fourth&nbsp; <i style="font-style: normal;">upright</i></div>
<table align="center" class="tr-caption-container"><tbody><tr><td><img src="https://blogger.example/b.jpg" width="320" height="200"
/></td></tr><tr><td class="tr-caption" style="text-align: center;">The quay</td></tr></tbody></table>
<h3 style="text-align: left;">Later</h3><div><ul><li>One</li><li><b>Two</b></li></ul></div><a name='more'></a>
<blockquote class="tr_bq">Said <span style="font-style: italic;">so</span></blockquote>
<img alt="" height="1" src="https://count.example/p.gif" width="1" />""",
    "<p><strong>A first line</strong><br>second line</p><p>Third</p><p>Fourth upright</p><p>The quay</p><h3>Later</h3>"
    "<ul><li>One</li><li><strong>Two</strong></li></ul><blockquote><p>Said <em>so</em></p></blockquote>",
    pictures=2,
)

PAGE = Clipboard(
    """<meta charset='utf-8'><article class="post" style="color: rgb(0, 0, 0);"><h1 class="entry-title">A page</h1>
<p class="lead" style="font-size: 18px;">With <span style="font-weight: 600;">weight</span>,<span
class="Apple-converted-space">&nbsp;</span><code>code</code> and x<sup>2</sup>.</p><dl><dt>Term</dt><dd>Meaning</dd></dl>
<figure><img src="https://images.example/x.webp" width="800" height="500" alt="x"><figcaption>A caption</figcaption></figure>
<table><caption>Sums</caption><thead><tr><th>A</th><th colspan="2">B</th></tr></thead><tbody><tr><th>x</th><td>1</td><th>2</th></tr>
</tbody></table><pre class="hl"><code><span style="color: red">a</span>  = 1</code></pre><h6>Small</h6><iframe
src="https://video.example/"></iframe><script>alert(1)</script><p><a href="https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2F"
onclick="x()">Away</a></p></article>""",
    "<h2>A page</h2><p>With <strong>weight</strong>, <code>code</code> and x<sup>2</sup>.</p><p>Term</p><p>Meaning</p>"
    '<p>A caption</p><table class="stack"><caption>Sums</caption><thead><tr><th scope="col">A</th><th scope="col">B</th>'
    '<th scope="col">B</th></tr></thead><tbody><tr><th scope="row">x</th><td>1</td><td>2</td></tr></tbody></table>'
    '<pre><code>a  = 1</code></pre><h4>Small</h4><p><a href="https://example.org/">Away</a></p>',
    pictures=1,
)

CLIPBOARDS = {"word": WORD, "docs": DOCS, "blogger": BLOGGER, "page": PAGE}
