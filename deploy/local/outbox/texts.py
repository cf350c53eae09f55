"""What the outbox page says, in both languages."""

TEXTS = {
    "ru": {
        "title": "Исходящая почта",
        "note": "Письма никуда не уходят: всё, что система отправила, лежит здесь.",
        "empty": "Писем пока нет. Страница обновляется сама.",
        "to": "Кому",
        "subject": "Тема",
        "at": "Время (UTC)",
        "back": "Ко всем письмам",
        "raw": "Скачать письмо (.eml)",
        "text": "Текст",
        "html": "Оформленное письмо",
        "missing": "Такого письма нет.",
    },
    "en": {
        "title": "Outgoing mail",
        "note": "Nothing leaves this machine: every message that the system has sent is kept here.",
        "empty": "No messages yet. The page refreshes itself.",
        "to": "To",
        "subject": "Subject",
        "at": "Time (UTC)",
        "back": "All messages",
        "raw": "Download the message (.eml)",
        "text": "Text",
        "html": "Formatted message",
        "missing": "There is no such message.",
    },
}
