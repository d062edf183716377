"""Devices and browsers of the signed-in resident over HTTP."""

from uuid import UUID

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backend.kernel.clock import Clock
from backend.kernel.db import Transactions
from backend.kernel.errors import InvalidInput
from backend.kernel.guards import serves
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.problems import problem_responses
from backend.kernel.settings import Settings
from backend.kernel.settings.platform import Environment
from notifications.channels.ports import Channel
from notifications.devices import service
from notifications.devices.errors import DeviceNotFound, TooManyDevices, WebPushUnavailable
from notifications.devices.schemas import (
    DeviceList,
    DeviceRequest,
    DeviceView,
    SubscriptionRequest,
    SubscriptionView,
    WebPushKey,
    device_view,
    subscription_view,
)

NO_WEB_PUSH = problem_responses(WebPushUnavailable)
NOT_FOUND = problem_responses(DeviceNotFound)
REFUSALS = problem_responses(InvalidInput, DeviceNotFound, TooManyDevices)


class DeviceController(Controller):
    """Installations of the app."""

    path = "/devices"
    opt = serves(PrincipalKind.RESIDENT)

    @get(operation_id="listMyDevices")
    async def listing(
        self,
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
    ) -> DeviceList:
        """List the resident's own devices."""
        async with transactions.read() as session:
            devices = await service.devices_of(session, principal)
        return DeviceList([device_view(device) for device in devices])

    @put("/{installation_id:uuid}", operation_id="registerMyDevice", responses=REFUSALS)
    async def register(
        self,
        installation_id: FromPath[UUID],
        data: JSONBody[DeviceRequest],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
    ) -> DeviceView:
        """Register this installation's token; safe to repeat.

        `installation_id` is a random UUID that the app makes once and keeps.
        """
        registration = service.DeviceRegistration(
            installation_id, data.platform, data.token_kind, data.token, data.app_version
        )
        async with transactions.write() as session:
            device = await service.register_device(
                session, principal, registration, vault=vault, now=clock()
            )
        return device_view(device)

    @delete("/{installation_id:uuid}", operation_id="removeMyDevice", responses=NOT_FOUND)
    async def remove(
        self,
        installation_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        clock: NamedDependency[Clock],
    ) -> None:
        """Stop pushing to this installation; safe to repeat."""
        async with transactions.write() as session:
            await service.remove(session, principal, Channel.PUSH, installation_id, clock())


class WebPushController(Controller):
    """Browsers with Web Push."""

    opt = serves(PrincipalKind.RESIDENT)

    @get("/web-push/key", operation_id="getWebPushKey", responses=NO_WEB_PUSH)
    async def key(self, vapid_public_key: NamedDependency[str]) -> WebPushKey:
        """Give the key with which a browser subscribes (`applicationServerKey`)."""
        if not vapid_public_key:
            raise WebPushUnavailable
        return WebPushKey(vapid_public_key)

    @put(
        "/web-push-subscriptions/{subscription_id:uuid}",
        operation_id="registerMyWebPushSubscription",
        responses=REFUSALS,
    )
    async def register(
        self,
        subscription_id: FromPath[UUID],
        data: JSONBody[SubscriptionRequest],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        vault: NamedDependency[Vault],
        clock: NamedDependency[Clock],
        settings: NamedDependency[Settings],
    ) -> SubscriptionView:
        """Register this browser's subscription; safe to repeat.

        `subscription_id` is a random UUID that the page makes once and keeps.
        """
        is_production = settings.deployment.environment is Environment.PRODUCTION
        registration = service.browser_registration(
            subscription_id,
            data.endpoint,
            (data.keys.p256dh, data.keys.auth),
            is_production=is_production,
        )
        async with transactions.write() as session:
            browser = await service.register_browser(
                session, principal, registration, vault=vault, now=clock()
            )
        return subscription_view(browser)

    @delete(
        "/web-push-subscriptions/{subscription_id:uuid}",
        operation_id="removeMyWebPushSubscription",
        responses=NOT_FOUND,
    )
    async def remove(
        self,
        subscription_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        transactions: NamedDependency[Transactions],
        clock: NamedDependency[Clock],
    ) -> None:
        """Stop pushing to this browser; safe to repeat."""
        async with transactions.write() as session:
            await service.remove(session, principal, Channel.WEB_PUSH, subscription_id, clock())
