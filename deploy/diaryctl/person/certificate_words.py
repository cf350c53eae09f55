"""The words of the certificate, in Russian and English."""

# ruff: noqa: E501 - paragraphs, each in one piece

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "Certificate of the destruction of personal data",
        "basis": "An act and an extract from the journal of events (Roskomnadzor, order 179 of 28 October 2022).",
        "installation": "Operator of the data",
        "at": "Date and time (UTC)",
        "operator": "Destroyed by",
        "reason": "Reason",
        "method": "Method",
        "method_text": "The person's keys were destroyed (crypto-shredding): AES-256-GCM values sealed with them can no longer be "
        "opened by anybody. Passwords, answers, codes, logins, sessions, links and waiting mails were deleted.",
        "systems": "Information systems",
        "person": "Person",
        "roles": "Known as",
        "keys": "Keys destroyed",
        "personal": "personal: contacts, comments, reasons of absence",
        "record": "record: names beside marks",
        "fields": "Erased fields (number of values)",
        "values": "Sealed values about the person that do not open any more / still open",
        "events": "Events about the person in the journal",
        "extract": "Extract from the journal of events",
        "kept": "Kept, and by which rule",
        "nothing": "nothing",
        "search": "Search for the former values",
        "search_text": "{values} values were searched in {documents} documents of {collections} collections, {records} records of the log "
        "and {files} files ({megabytes} MB). Readable: {readable}.",
        "not_searched": "The values were not known any more (an earlier run had destroyed the keys), so they could not be searched.",
        "removed": "Removed besides: {generations} former generations of views, {mails} stored mails.",
        "residues": "Backups of keys are deleted after {days} days at the latest; until then a restored backup could open the values. "
        "The replication log of MongoDB keeps written documents until it rolls over. Backups of databases hold sealed "
        "values and former documents until they are deleted.",
        "readable": "STILL READABLE",
        "signature": "Signature",
        "signature_text": "Signed with Ed25519 by the key {key}. The archive this page came in holds the signature; READ-ME.txt "
        "says how to check it.",
        "page": "page {page} of {pages}",
    },
    "ru": {
        "title": "Акт об уничтожении персональных данных",
        "basis": "Акт и выгрузка из журнала регистрации событий (приказ Роскомнадзора от 28.10.2022 № 179).",
        "installation": "Оператор данных",
        "at": "Дата и время (UTC)",
        "operator": "Уничтожение провёл",
        "reason": "Причина",
        "method": "Способ",
        "method_text": "Уничтожены ключи шифрования субъекта: значения, зашифрованные ими (AES-256-GCM), больше никто не может прочесть. "
        "Удалены пароли, ответы, коды, логины, сеансы, связи с дневниками и ожидавшие письма.",
        "systems": "Информационные системы",
        "person": "Субъект",
        "roles": "Известен как",
        "keys": "Ключи уничтожены",
        "personal": "personal: контакты, комментарии, причины пропусков",
        "record": "record: имена при отметках",
        "fields": "Уничтоженные сведения (число значений)",
        "values": "Зашифрованных значений о субъекте: больше не читаются / читаются",
        "events": "Событий о субъекте в журнале",
        "extract": "Выгрузка из журнала регистрации событий",
        "kept": "Сохранено, и по какому правилу",
        "nothing": "ничего",
        "search": "Поиск прежних значений",
        "search_text": "{values} значений искали в {documents} документах {collections} коллекций, в {records} записях журнала событий "
        "и в {files} файлах ({megabytes} МБ). Найдено в читаемом виде: {readable}.",
        "not_searched": "Прежние значения уже не были известны (ключи уничтожены предыдущим запуском), поэтому поиск по ним невозможен.",
        "removed": "Кроме того удалено: прежних поколений представлений — {generations}, сохранённых писем — {mails}.",
        "residues": "Резервные копии ключей удаляются не позднее чем через {days} дней; до этого восстановленная копия позволила бы "
        "прочесть значения. Журнал репликации MongoDB хранит записанные документы, пока не перезапишется. Резервные "
        "копии баз хранят зашифрованные значения и прежние документы до своего удаления.",
        "readable": "ЕЩЁ ЧИТАЕТСЯ",
        "signature": "Подпись",
        "signature_text": "Подписано Ed25519, ключ {key}. Подпись лежит в архиве рядом с этим документом; READ-ME.txt объясняет проверку.",
        "page": "страница {page} из {pages}",
    },
}
ROLES: Final = {
    "portal account": "учётная запись портала",
    "staff account": "учётная запись работника",
    "pupil": "обучающийся",
    "member of staff": "работник школы",
    "relative": "родственник",
}
FIELDS: Final = {
    "last_name": "фамилия",
    "first_name": "имя",
    "patronymic": "отчество",
    "login": "логин",
    "email": "адрес электронной почты",
    "title": "название дневника",
    "comment": "комментарий к отметке",
    "reason": "причина",
}
