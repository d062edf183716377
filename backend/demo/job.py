"""The main job, stage by stage: registry feed in, targeted alert out, resident reads it."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.adapters.simulators.control_client import ControlClient
from backend.demo import texts
from backend.demo.api import Api
from backend.demo.commands import novads
from backend.demo.figures import DemoReport, is_balanced
from backend.demo.following import Following, FollowingFigures
from backend.demo.narration import Narrator, Stage
from backend.demo.parents import parents_of
from backend.demo.people import Door, Owned, register_all
from backend.kernel.clock import civil_day
from backend.kernel.ids import new_id
from backend.kernel.principals import PrincipalKind
from backend.kernel.territories.register import ZONE
from backend.kernel.webhooks import signed_headers

SOURCE = "https://lietvediba.example.lv/cases"
PATIENCE_SECONDS = 180.0
MOST_PHONES = 300
DEAD_PHONES = 3
READERS = 25


@dataclass(frozen=True, slots=True)
class Demo:
    """One run of the demo on a running system."""

    door: Door
    narrator: Narrator
    controls: Mapping[str, ControlClient]
    directory: Path
    residents: int

    async def run(self) -> DemoReport:
        """Do every stage and report."""
        feed = await self._feed()
        await self._import(feed)
        writer, approver = await self._staff()
        group = await self._group(writer)
        following = await self._following(feed, writer, group)
        parents = parents_of(feed, texts.PARISH, texts.AGES, civil_day(self.door.clock(), ZONE))
        apps = await self._phones(parents[:MOST_PHONES])
        campaign = await self._campaign(writer, approver, group)
        await self._sending(writer, campaign)
        await self._reading(apps[:READERS])
        await self._status(writer, parents[0], apps[0])
        counters = await writer.get(f"/staff/v1/campaigns/{campaign}/counters")
        summaries = {name: await control.summary() for name, control in self.controls.items()}
        return DemoReport(
            municipality=self.door.municipality,
            residents=self.residents,
            balanced=is_balanced(counters),
            following=following,
            stages=self.narrator.stages,
            counters=counters,
            simulators=summaries,
        )

    async def _feed(self) -> Path:
        with self.narrator.stage("Registry feed: synthetic residents as CSV files") as stage:
            feed = self.directory / f"feed-{self.residents}"
            size = ("--residents", str(self.residents), "--seed", "1")
            place = ("--municipality", self.door.municipality, "--out", str(feed))
            await novads("registry", "generate", *place, *size)
            files = sorted(feed.glob("*.csv"))
            stage.count(files=len(files), bytes=sum(file.stat().st_size for file in files))
        return feed

    async def _import(self, feed: Path) -> None:
        with self.narrator.stage("Import: validate, encrypt, land the good rows") as stage:
            for line in (await novads("registry", "import", str(feed))).splitlines():
                stage.say(line)

    async def _staff(self) -> tuple[Api, Api]:
        with self.narrator.stage("Staff: one writes, another approves") as stage:
            members = {"communicator": "administrator", "approver": "approver"}
            for subject, role in members.items():
                roles = ("--role", role, *(("--role", subject) if role != subject else ()))
                name = ("--name", f"Demo {subject}", "--municipality", self.door.municipality)
                await novads("staff", "add", f"demo-{subject}", *name, *roles)
            stage.count(staff_members=len(members))
            return (
                await self.door.enter(PrincipalKind.STAFF, "demo-communicator"),
                await self.door.enter(PrincipalKind.STAFF, "demo-approver"),
            )

    async def _group(self, writer: Api) -> str:
        with self.narrator.stage(f"Group: {texts.GROUP_NAME['en']}") as stage:
            asked = {"rule": texts.RULE, "purpose": texts.PURPOSE}
            shown = await writer.post("/staff/v1/groups/preview", asked)
            stage.say(f"rule: {shown['text']['en']}")
            for step in shown["funnel"]:
                stage.say(f"{step['text']['en']}: {step['count'] or 0:,}")
            stage.say(f"counted by {'columns' if shown['evaluatedBy'] == 'engine' else 'SQL'}")
            stage.count(preview=shown["count"] or 0)
            known = await writer.get("/staff/v1/groups")
            for group in known["groups"]:
                if group["name"] == texts.GROUP_NAME and group["description"] == texts.DESCRIPTION:
                    return str(group["id"])
            named = {"name": texts.GROUP_NAME, "publicLabel": texts.GROUP_NAME}
            body = {**named, "description": texts.DESCRIPTION, **asked}
            return str((await writer.post("/staff/v1/groups", body))["id"])

    async def _following(self, feed: Path, writer: Api, group: str) -> FollowingFigures:
        with self.narrator.stage(
            "Group follows: a family moves in, by a feed over the API"
        ) as stage:
            return await Following(self.door, writer, group).show(feed, stage)

    async def _phones(self, codes: Sequence[str]) -> list[Api]:
        with self.narrator.stage("Residents sign in and register phones and browsers") as stage:
            key = (await self._any_app(codes[0]))["publicKey"]
            fcm, browsers = self.controls["fcm"], self.controls["web_push"]
            tokens = await fcm.new_tokens(len(codes))
            subscriptions = await browsers.new_subscriptions(len(codes), vapid_public_key=key)
            owners = [
                Owned(
                    code,
                    tokens[number] if number % 3 else None,
                    subscriptions[number] if number % 3 != 1 else None,
                )
                for number, code in enumerate(codes)
            ]
            apps = await register_all(self.door, owners)
            phones = [owner.token for owner in owners if owner.token is not None]
            dead = frozenset(phones[-DEAD_PHONES:])
            await fcm.behave(Behaviour(mode=Mode.DEAD, targets=dead))
            stage.count(
                residents=len(apps),
                phones=len(phones),
                browsers=sum(owner.browser is not None for owner in owners),
                apps_uninstalled_since=len(dead),
            )
        return apps

    async def _any_app(self, code: str) -> Any:  # noqa: ANN401 - JSON
        app = await self.door.enter(PrincipalKind.RESIDENT, code)
        return await app.get("/mobile/v1/web-push/key")

    async def _campaign(self, writer: Api, approver: Api, group: str) -> str:
        with self.narrator.stage("Campaign: written, previewed, approved by another") as stage:
            body = texts.campaign(group, self.door.clock() + timedelta(hours=20))
            identity = (await writer.post("/staff/v1/campaigns", body))["id"]
            path = f"/staff/v1/campaigns/{identity}"
            await writer.post(f"{path}/review")
            shown = await approver.get(f"{path}/preview")
            for channel in shown["channels"]:
                left_out = ", ".join(f"{why} {n:,}" for why, n in channel["excluded"].items())
                line = f"{channel['channel']:<9}{channel['deliveries']:>7,} deliveries"
                stage.say(f"{line}; left out: {left_out or 'nobody'}")
            stage.count(
                audience=shown["audience"],
                sms_parts=shown["smsParts"],
                cost_cents=shown["costCents"],
                cost_as_post_cents=shown["costAsPostCents"],
            )
            await approver.post(f"{path}/approval", {"digest": shown["digest"]})
            return str(identity)

    async def _sending(self, writer: Api, campaign: str) -> None:
        with self.narrator.stage("Fan-out: workers send through real clients") as stage:
            path = f"/staff/v1/campaigns/{campaign}"
            await writer.post(f"{path}/sending")
            deadline, shown = time.monotonic() + PATIENCE_SECONDS, ""
            while True:
                counters = await writer.get(f"{path}/counters")
                line = _progress(counters)
                if line != shown:
                    stage.say(shown := line)
                if counters["state"] == "sent" and _receipts_are_in(counters):
                    break
                if time.monotonic() > deadline:
                    raise TimeoutError(f"the campaign is not sent after {PATIENCE_SECONDS:.0f} s")
                await asyncio.sleep(0.5)
            stage.count(recipients=counters["recipients"])

    async def _reading(self, apps: Sequence[Api]) -> None:
        with self.narrator.stage("Residents open the message in their inbox") as stage:
            title = ""
            for app in apps:
                item = (await app.get("/mobile/v1/inbox?limit=5"))["items"][0]
                await app.put(f"/mobile/v1/inbox/{item['id']}/opened")
                title = item["title"]
            stage.say(f"«{title}»")
            stage.count(opened=len(apps))

    async def _status(self, administrator: Api, code: str, app: Api) -> None:
        with self.narrator.stage("Service status: another system reports a step") as stage:
            secret = await self._source_secret(administrator)
            now, event_id = self.door.clock(), new_id()
            event = {
                "specversion": "1.0",
                "id": str(event_id),
                "source": SOURCE,
                "type": "lv.novads.case.status.v1",
                "data": texts.status_data(code, f"D-{event_id.hex[-6:]}", now),
            }
            body = msgspec.json.encode(event)
            headers = {
                "content-type": "application/cloudevents+json",
                **signed_headers(str(event_id), now, body, [secret]),
            }
            path = f"/ingest/v1/{self.door.municipality}/status-events"
            await self.door.api.send_raw(path, body, headers)
            await self._show_case(app, stage)

    async def _source_secret(self, administrator: Api) -> str:
        sources = (await administrator.get("/staff/v1/status-sources"))["sources"]
        for source in sources:
            if source["source"] == SOURCE:
                path = f"/staff/v1/status-sources/{source['id']}/secret-rotations"
                return str((await administrator.post(path, {}))["secret"])
        body = {"source": SOURCE, "name": "Lietvedības sistēma (demo)"}
        return str((await administrator.post("/staff/v1/status-sources", body))["secret"])

    async def _show_case(self, app: Api, stage: Stage) -> None:
        case = (await app.get("/mobile/v1/cases"))["cases"][0]
        timeline = (await app.get(f"/mobile/v1/cases/{case['id']}"))["timeline"]
        inbox = await app.get("/mobile/v1/inbox?limit=1")
        stage.say(f"timeline: {timeline[-1]['title']['en']}; inbox: «{inbox['items'][0]['title']}»")
        stage.count(timeline_entries=len(timeline))


def _progress(counters: Mapping[str, Any]) -> str:
    """Say how many deliveries are done, by channel."""
    parts: list[str] = []
    for channel in counters["channels"]:
        states: dict[str, int] = channel["states"]
        waiting = sum(states.get(state, 0) for state in ("queued", "held", "sending"))
        sendable = channel["targeted"] - states.get("suppressed", 0)
        parts.append(f"{channel['channel']} {sendable - waiting:,}/{sendable:,}")
    return "  ".join(parts)


def _receipts_are_in(counters: Mapping[str, Any]) -> bool:
    sms = [c["states"] for c in counters["channels"] if c["channel"] == "sms"]
    return not any(states.get("accepted") for states in sms)
