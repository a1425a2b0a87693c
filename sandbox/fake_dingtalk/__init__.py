"""A make-believe DingTalk that speaks the real wire: stream, robot, cards, contacts and sign-in."""

from sandbox.fake_dingtalk.platform import FakeDingTalk
from sandbox.fake_dingtalk.pushes import PressResult
from sandbox.fake_dingtalk.world import CallFault, Faults, Limits, Patience, Request

__all__ = ["CallFault", "FakeDingTalk", "Faults", "Limits", "Patience", "PressResult", "Request"]
