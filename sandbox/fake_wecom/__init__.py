"""A make-believe WeCom that speaks the real wire and is as strict as the real one."""

from sandbox.fake_wecom.app_phone import PressResult
from sandbox.fake_wecom.platform import FakeWeCom
from sandbox.fake_wecom.robot_chats import Robot
from sandbox.fake_wecom.world import Faults, Patience, Request

__all__ = ["FakeWeCom", "Faults", "Patience", "PressResult", "Request", "Robot"]
