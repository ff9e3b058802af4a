"""What lets nginx serve a copy at the addresses that stand on labels, in any case of letters. Pure.

nginx cannot change the case of a letter, but a map finds its value whatever the case of its key: one
map a letter of the code makes capitals of them.
"""

from app.kit.codes import ALPHABET, LENGTH, PREFIX

HTTP_FILE, SERVER_FILE = "nginx/http.conf", "nginx/server.conf"
_LETTERS = LENGTH - len(PREFIX)
_LOOK_ALIKES = {"O": "0", "I": "1", "L": "1"}


def http_conf() -> str:
    """What belongs into the `http` block: capitals of every letter, and the reader's language."""
    capitals = [letter for letter in ALPHABET if letter.isalpha()]
    known = [f"    {letter.lower()} {letter};" for letter in capitals]
    known += [f"    {letter.lower()} {digit};" for letter, digit in _LOOK_ALIKES.items()]
    maps = [
        f"map $c{place} $u{place} {{\n    default $c{place};\n" + "\n".join(known) + "\n}"
        for place in range(1, _LETTERS + 1)
    ]
    tongues = ["default .html;", "~*^en .en.html;", "~*^zh .zh.html;"]
    chosen = "\n".join(f"    {line}" for line in tongues)
    tongue = f"map $http_accept_language $copy_ending {{\n{chosen}\n}}"
    return "\n".join([*maps, tongue, ""])


def server_conf() -> str:
    """What belongs into the `server` block: `root` is the folder of the copy."""
    letters = "".join(f"(?<c{place}>[0-9a-z])" for place in range(1, _LETTERS + 1))
    code = "LC" + "".join(f"$u{place}" for place in range(1, _LETTERS + 1))
    file = f"/t/$u1$u2/{code}"
    return f"""# A lot by its code: /t/LC…, /T/lc…, with the serial of a label behind it or not. The reader is
# sent on to its file, from where the relative links lead on.
location ~* "^/t/lc{letters}(?:/[^/]*)?$" {{
    return 302 {file}$copy_ending;
}}
# A lot by GS1 Digital Link: /01/GTIN/10/LC…, with a serial (21) or not.
location ~* "^/01/[0-9]{{14}}/10/lc{letters}(?:/21/[^/]*)?$" {{
    return 302 {file}$copy_ending;
}}
location ~ "^/01/(?<gtin>[0-9]{{14}})$" {{
    return 302 /p/$gtin$copy_ending;
}}
# Folders end with a slash, or the links of their lists would lead beside them.
location ~ "^/(?:[opt]|register|certificates|t/[0-9A-Z][0-9A-Z])$" {{
    return 302 $uri/;
}}
# The state of the copy is nobody's business.
location ~ "/\\.copy-state" {{
    return 404;
}}
location / {{
    try_files $uri $uri$copy_ending $uri.html $uri/index$copy_ending $uri/index.html =404;
}}
"""
