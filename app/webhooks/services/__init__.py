"""What is done with endpoints and deliveries."""

from app.webhooks.services.delivering import delete_old, deliver, retry_delivery
from app.webhooks.services.endpoints import (
    EndpointSecret,
    activate_endpoint,
    create_endpoint,
    deactivate_endpoint,
    delete_endpoint,
    renew_secret,
    revise_endpoint,
    send_test,
)
from app.webhooks.services.recording import told

__all__ = [
    "EndpointSecret",
    "activate_endpoint",
    "create_endpoint",
    "deactivate_endpoint",
    "delete_endpoint",
    "delete_old",
    "deliver",
    "renew_secret",
    "retry_delivery",
    "revise_endpoint",
    "send_test",
    "told",
]
