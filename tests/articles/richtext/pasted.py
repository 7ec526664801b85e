"""Small pieces of HTML in the ways of the programs that people paste from."""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><link rel=File-List href="file:///C:/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:DoNotPromoteQF/></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; mso-pagination:widow-orphan;} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1 style='mso-outline-level:1'>A report<o:p></o:p></h1>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Bold</b> and <i>italic</i><span style='mso-spacerun:yes'>&nbsp; </span>text<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<table class=MsoTableGrid border=1 cellspacing=0><tr style='mso-yfti-irow:0'><td width=302 valign=top><p class=MsoNormal>One<o:p></o:p></p></td>
<td><p class=MsoNormal>Two<o:p></o:p></p></td></tr></table>
<!--EndFragment--></body></html>"""

DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-0"><h2 dir="ltr" style="line-height:1.38;"><span
style="font-size:16pt;">A heading</span></h2><p dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;white-space:pre-wrap;">Some
</span><a href="https://example.org/" style="text-decoration:none;"><span style="color:#1155cc;">link</span></a></p><ol><li dir="ltr"
style="list-style-type:decimal;"><p dir="ltr" role="presentation"><span>One</span></p></li><ul><li dir="ltr"><p dir="ltr"><span>Inner</span></p></li></ul><li
dir="ltr"><p dir="ltr"><span>Two</span></p></li></ol></b><br class="Apple-interchange-newline">"""

BLOGGER = """<div class="separator" style="clear: both;"><a href="https://img.example/s1600/a.jpg"><img border="0" src="https://img.example/s320/a.jpg"
/></a></div><div>First line<br />second line</div><div><br /></div><div><span style="font-family: georgia;">Third</span></div><a name='more'></a>"""

PAGE = """<div class="col"><center><font color=red>Loud</font></center><dl><dt>Term</dt><dd>Meaning</dd></dl><section><h5>Small</h5>
text without a paragraph <strike>gone</strike><iframe src="https://video.example/"></iframe></section><p align=justify>Justified</p></div>"""
