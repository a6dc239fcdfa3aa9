"""Reads e-mails as Python's own email package does, strictly: python3 read_mail.py FILE...

Prints a line of JSON for each; anything that the package finds wrong is a failure.
"""

import email
import email.policy
import json
import sys


def calendar_of(part):
    text = part.get_content()
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    fields = {}
    for line in text.replace("\r\n", "\n").replace("\n ", "").split("\n"):
        if ":" in line:
            name, value = line.split(":", 1)
            fields[name.split(";", 1)[0]] = value
    return {"method": part.get_param("method"), "filename": part.get_filename(), "fields": fields}


for path in sys.argv[1:]:
    with open(path, "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.strict)
    text, calendar = "", None
    for part in message.walk():
        if part.defects:
            sys.exit(f"{path}: {part.defects}")
        if part.get_content_type() == "text/plain":
            text += part.get_content()
        if part.get_content_type() == "text/calendar":
            calendar = calendar_of(part)
    print(
        json.dumps(
            {
                "about": message["Appointd-Message"],
                "from": message["From"],
                "to": message["To"],
                "subject": message["Subject"],
                "date": message["Date"].datetime.isoformat(),
                "message_id": message["Message-ID"],
                "auto_submitted": message["Auto-Submitted"],
                "text": text,
                "calendar": calendar,
            }
        )
    )
