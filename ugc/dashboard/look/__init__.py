"""What everything looks like: words, formats, theme, blocks, bars, charts."""
