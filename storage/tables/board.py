"""Who is at the board: the links that let somebody in once, and what came of them."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class BoardLink(Model):
    """An address that signs one person in, once. Only its hash is kept."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(64, unique=True)
    employee_id = fields.IntField(db_index=True)
    platform = fields.CharField(16)
    user_key = fields.CharField(128)
    """The account it was sent to: when that is no longer the person's, it opens nothing."""
    page = fields.CharField(255)
    """Where it leads."""
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "board_links"


class BoardSession(Model):
    """Somebody is signed in on one browser. Only the hash of its cookie is kept."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(64, unique=True)
    employee_id = fields.IntField(db_index=True)
    platform = fields.CharField(16)
    user_key = fields.CharField(128)
    """The account that vouched for the person."""
    way = fields.CharField(12)
    """link · dingtalk · wecom."""
    link_id = fields.BigIntField(null=True, db_index=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    came_back_at = fields.DatetimeField(null=True)
    """When the browser first brought its cookie; a preview that only fetches a link never does."""

    class Meta:
        table = "board_sessions"
