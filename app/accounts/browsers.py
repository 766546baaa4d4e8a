"""What kind of browser somebody uses, in two words: enough to know one's own again, too little to follow anybody."""

BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def browser_in_words(user_agent: str) -> str:
    """Return such as "Firefox, Windows"; empty where neither is known."""
    found = [next((words for mark, words in kinds.items() if mark in user_agent), "") for kinds in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found))
