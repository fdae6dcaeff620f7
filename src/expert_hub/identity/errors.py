"""Refusals of identity."""

from expert_hub.foundation.errors import HubError


class LoginRefused(HubError):
    """Unknown user name or wrong password; which of the two is not said."""

    code = "identity/login-refused"
    status = 401
    zh = "用户名或密码不正确。"
    en = "The user name or the password is wrong."


class TooManyLogins(HubError):
    """More log-ins a minute than the setting allows."""

    code = "identity/too-many-logins"
    status = 429
    zh = "登录尝试过于频繁，请一分钟后再试。"
    en = "Too many log-in attempts; please wait a minute."


class UsernameTaken(HubError):
    """The user name belongs to another account."""

    code = "identity/username-taken"
    status = 409
    zh = "用户名 {username} 已被使用。"
    en = "The user name {username} is taken."


class AccountInvalid(HubError):
    """A name, venue or organisation that an account cannot have."""

    code = "identity/account-invalid"
    status = 422
    zh = "账号信息不符合要求：{summary}"
    en = "The account is not valid: {summary}"


class RolesClash(HubError):
    """The roles may not be held by one account."""

    code = "identity/roles-clash"
    status = 409
    zh = "同一账号不得同时担任 {roles}：决策、执行、监督须相互分离。"
    en = "One account may not hold {roles}: deciding, executing and supervising are separate."


class PasswordTooShort(HubError):
    """A password of fewer than twelve characters."""

    code = "identity/password-too-short"
    status = 422
    zh = "密码至少需要 {least} 个字符。"
    en = "A password needs at least {least} characters."


class OriginRefused(HubError):
    """A browser page of another site tried to open a socket."""

    code = "identity/origin-refused"
    status = 403
    zh = "来源 {origin} 不在允许列表中。"
    en = "The origin {origin} is not allowed."
