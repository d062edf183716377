"""Settings of the delivery engine, the providers and their simulators."""

from datetime import time
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from backend.kernel.settings import forms
from backend.kernel.settings.declaration import Concern, Port, Positive, Variable
from backend.kernel.settings.forms import Price


class Delivery(Concern, frozen=True):
    """How messages are cut up, claimed and priced."""

    workers: Annotated[
        int, Positive, Variable("NOVADS_WORKERS", "Worker processes that the supervisor runs", "2")
    ]
    lease_seconds: Annotated[
        int,
        Positive,
        Variable("NOVADS_LEASE_SECONDS", "Time after which a lost worker's chunk is taken", "60"),
    ]
    chunk_push: Annotated[
        int, Positive, Variable("NOVADS_CHUNK_PUSH", "Recipients in a chunk of push", "500")
    ]
    chunk_email: Annotated[
        int, Positive, Variable("NOVADS_CHUNK_EMAIL", "Recipients in a chunk of e-mail", "50")
    ]
    chunk_sms: Annotated[
        int, Positive, Variable("NOVADS_CHUNK_SMS", "Recipients in a chunk of SMS", "50")
    ]
    chunk_alert: Annotated[
        int, Positive, Variable("NOVADS_CHUNK_ALERT", "Recipients in a chunk of an alert", "20")
    ]
    concurrency: Annotated[
        int,
        Positive,
        Variable("NOVADS_SENDER_CONCURRENCY", "Calls to one provider under way at once", "50"),
    ]
    quiet_hours: Annotated[
        tuple[time, time],
        Variable(
            "NOVADS_QUIET_HOURS",
            "Local time in which messages that are not urgent wait; equal times: never",
            "21:00-08:00",
            form="HH:MM-HH:MM",
            decode=forms.daily_span,
        ),
    ]
    letter_prices: Annotated[
        tuple[Price, ...],
        Variable(
            "NOVADS_LETTER_PRICE_CENTS",
            "What a letter by post costs, by first day",
            "2026-01-01=235",
            form="day=cents,...",
            decode=forms.tariff,
        ),
    ]


class Fcm(Concern, frozen=True):
    """Firebase Cloud Messaging."""

    credentials: Annotated[
        Path | None,
        Variable("NOVADS_FCM_CREDENTIALS", "Service account's JSON file; unset: no FCM"),
    ]
    endpoint: Annotated[
        str,
        Variable(
            "NOVADS_FCM_ENDPOINT",
            "Address of the FCM API",
            "https://fcm.googleapis.com",
            form="URL",
            decode=forms.HTTP,
        ),
    ]


class WebPush(Concern, frozen=True):
    """Web Push and the key by which push services know us."""

    vapid_key: Annotated[
        Path | None,
        Variable(
            "NOVADS_VAPID_KEY",
            "PEM file of the P-256 private key; unset: development makes one, production has "
            "no Web Push",
        ),
    ]
    vapid_subject: Annotated[
        str,
        Variable(
            "NOVADS_VAPID_SUBJECT",
            "Contact that push services may write to",
            "mailto:novads@example.org",
            form="mailto: or https: URL",
        ),
    ]


class Smtp(Concern, frozen=True):
    """The e-mail relay."""

    url: Annotated[
        str | None,
        Variable(
            "NOVADS_SMTP_URL",
            "E-mail relay with its user and password; unset: no e-mail",
            is_secret=True,
            form="smtp://, smtps:// or smtp+starttls:// URL",
            decode=forms.SMTP,
        ),
    ]
    sender: Annotated[
        str, Variable("NOVADS_SMTP_FROM", "Sender of e-mail", "Novads <novads@example.org>")
    ]


class Sms(Concern, frozen=True):
    """The SMS gateway."""

    url: Annotated[
        str | None,
        Variable("NOVADS_SMS_URL", "SMS gateway; unset: no SMS", form="URL", decode=forms.HTTP),
    ]
    key: Annotated[
        str | None,
        Variable(
            "NOVADS_SMS_KEY",
            "Key that the gateway knows us by",
            development="novads-simulator-sms-key",
            is_secret=True,
        ),
    ]
    sender: Annotated[
        str, Meta(max_length=11), Variable("NOVADS_SMS_FROM", "Sender of SMS", "NOVADS")
    ]
    part_prices: Annotated[
        tuple[Price, ...],
        Variable(
            "NOVADS_SMS_PRICE_CENTS",
            "What one SMS part costs, by first day",
            "2026-01-01=4",
            form="day=cents,...",
            decode=forms.tariff,
        ),
    ]


class Simulators(Concern, frozen=True):
    """The local providers of development and tests."""

    enabled: Annotated[
        bool,
        Variable(
            "NOVADS_SIMULATORS",
            "Whether the supervisor runs the simulators and sends to them",
            "false",
            "true",
            development_only=True,
            decode=forms.flag,
        ),
    ]
    fcm_port: Annotated[
        int, Port, Variable("NOVADS_SIMULATOR_FCM_PORT", "Port of the FCM simulator", "8101")
    ]
    web_push_port: Annotated[
        int,
        Port,
        Variable("NOVADS_SIMULATOR_WEB_PUSH_PORT", "Port of the Web Push simulator", "8102"),
    ]
    smtp_port: Annotated[
        int, Port, Variable("NOVADS_SIMULATOR_SMTP_PORT", "Port of the SMTP simulator", "8103")
    ]
    smtp_control_port: Annotated[
        int,
        Port,
        Variable("NOVADS_SIMULATOR_SMTP_CONTROL_PORT", "Port of its control API", "8113"),
    ]
    sms_port: Annotated[
        int, Port, Variable("NOVADS_SIMULATOR_SMS_PORT", "Port of the SMS simulator", "8104")
    ]
