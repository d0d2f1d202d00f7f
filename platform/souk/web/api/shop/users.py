"""Accounts of customers: open one, sign in, read the profile, end the token."""

from __future__ import annotations

from sqlalchemy import select

from souk.checkout.saved import forget_saved_method
from souk.customers.email_proof import request_email_proof
from souk.customers.models import CustomerAddress
from souk.customers.payment_methods import list_methods
from souk.customers.queries import read_customer
from souk.customers.register import register
from souk.customers.sessions import open_session, revoke
from souk.customers.sign_in import sign_in
from souk.kernel import ids
from souk.orders.history import release_history
from souk.web.api.access import bearer
from souk.web.api.definition import shop_api
from souk.web.api.operations import Call
from souk.web.api.schemas.common import Address, Nothing
from souk.web.api.schemas.paging import Deleted
from souk.web.api.schemas.users import (
    LoggedIn,
    LoggedOut,
    Login,
    Profile,
    Register,
    Registered,
    SavedPaymentMethod,
)


@shop_api.operation(
    "POST",
    "/users/register",
    summary="Open an account",
    tag="users",
    takes=Register,
    answers=Registered,
    status=201,
    secret=True,
    problems={409: "`email_taken`: the address is known here."},
)
def register_user(call: Call, body: Register) -> Registered:
    customer_id = register(call.session, body.name, body.email, body.password, release=release_history)
    request_email_proof(call.session, customer_id, ip_address=call.ip_address)
    opened = open_session(call.session, customer_id, "api", user_agent=call.user_agent, ip_address=call.ip_address)
    customer = read_customer(call.session, customer_id)
    user_id = ids.encode(ids.USER, customer_id)
    return Registered(user_id=user_id, name=customer.name, email=customer.email, token=opened.token)


@shop_api.operation(
    "POST",
    "/users/login",
    summary="Sign in",
    tag="users",
    takes=Login,
    answers=LoggedIn,
    secret=True,
    problems={401: "`wrong_credentials`.", 403: "`account_disabled`.", 429: "Too many attempts."},
)
def log_in(call: Call, body: Login) -> LoggedIn:
    opened = sign_in(
        call.session,
        body.email,
        body.password,
        "api",
        user_agent=call.user_agent,
        ip_address=call.ip_address,
    )
    user_id = ids.encode(ids.USER, opened.customer_id)
    return LoggedIn(user_id=user_id, token=opened.token, expires_at=opened.expires_at)


@shop_api.operation(
    "POST",
    "/users/logout",
    summary="Revoke the token that is sent; one that is revoked already stays so",
    tag="users",
    takes=Nothing,
    answers=LoggedOut,
    access="leaving",
    optional_body=True,
)
def log_out(call: Call, _body: Nothing) -> LoggedOut:
    revoke(call.session, bearer())
    return LoggedOut(revoked=True)


@shop_api.operation(
    "GET",
    "/users/profile",
    summary="Read the profile of the token's customer",
    tag="users",
    takes=Nothing,
    answers=Profile,
    access="customer",
)
def profile(call: Call, _query: Nothing) -> Profile:
    customer = read_customer(call.session, call.customer_id)
    addresses = call.session.execute(
        select(CustomerAddress.address)
        .where(CustomerAddress.customer_id == call.customer_id)
        .order_by(CustomerAddress.is_default.desc(), CustomerAddress.id)
    ).scalars()
    methods = list_methods(call.session, call.customer_id)
    return Profile(
        user_id=ids.encode(ids.USER, customer.id),
        name=customer.name,
        email=customer.email,
        addresses=[Address.model_construct(**address) for address in addresses],
        payment_methods=[
            SavedPaymentMethod(id=ids.encode(ids.PAYMENT_METHOD, row.id), provider=row.provider, label=row.label)
            for row in methods
        ],
    )


@shop_api.operation(
    "DELETE",
    "/users/payment_methods/{method_id}",
    summary="Let go of a saved payment method",
    tag="users",
    takes=Nothing,
    answers=Deleted,
    access="customer",
    edge=True,
)
def forget_payment_method(call: Call, _query: Nothing) -> Deleted:
    method_id = ids.decode(ids.PAYMENT_METHOD, call.path["method_id"])
    forget_saved_method(call.scope, call.customer_id, method_id)
    return Deleted(id=call.path["method_id"])
