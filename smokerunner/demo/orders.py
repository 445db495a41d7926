"""Carts and the orders made of them."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from smokerunner.demo.accounts import User
from smokerunner.demo.catalogue import DELIVERIES, PRODUCTS, Delivery, Product

MOST_OF_ONE = 20
SECONDS_IN_PROCESSING = 0.7


@dataclass(frozen=True)
class Line:
    """Some pieces of one product; `cents` is the price of one piece."""

    product: Product
    quantity: int
    cents: int

    @property
    def total_cents(self) -> int:
        """What the line costs."""
        return self.quantity * self.cents


@dataclass(frozen=True)
class Cart:
    """What a visitor has put aside."""

    lines: tuple[Line, ...]

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return sum(line.quantity for line in self.lines)

    @property
    def total_cents(self) -> int:
        """What the pieces cost, without delivery."""
        return sum(line.total_cents for line in self.lines)


@dataclass(frozen=True)
class Address:
    """Where an order goes."""

    recipient: str
    street: str
    postcode: str
    city: str


@dataclass(frozen=True)
class Order:
    """An order. `status` is unpaid, processing, ready or cancelled; `card` holds the last four digits."""

    number: int
    status: str
    placed_at: datetime
    address: Address
    delivery: Delivery
    card: str
    lines: tuple[Line, ...]

    @property
    def id(self) -> str:
        """The number as customers see it: `A-1001`."""
        return f"A-{self.number}"

    @property
    def count(self) -> int:
        """How many pieces were ordered."""
        return sum(line.quantity for line in self.lines)

    @property
    def total_cents(self) -> int:
        """What was paid, delivery included."""
        return sum(line.total_cents for line in self.lines) + self.delivery.cents


def get_cart(connection: sqlite3.Connection, session_id: str | None) -> Cart:
    """The cart of a session; an empty one when there is no session."""
    rows = connection.execute(
        "SELECT product, quantity FROM cart_lines WHERE session_id = ? ORDER BY rowid", (session_id,)
    )
    products = [(PRODUCTS[row["product"]], row["quantity"]) for row in rows]
    return Cart(tuple(Line(product, quantity, product.cents) for product, quantity in products))


def set_quantity(connection: sqlite3.Connection, session_id: str, product: Product, quantity: int) -> None:
    """Keep so many pieces of a product, at most `MOST_OF_ONE`; none takes the line away."""
    with connection:
        if quantity <= 0:
            connection.execute("DELETE FROM cart_lines WHERE session_id = ? AND product = ?", (session_id, product.id))
        else:
            connection.execute(
                "INSERT INTO cart_lines VALUES (?, ?, ?)"
                " ON CONFLICT (session_id, product) DO UPDATE SET quantity = excluded.quantity",
                (session_id, product.id, min(quantity, MOST_OF_ONE)),
            )


def empty_cart(connection: sqlite3.Connection, session_id: str) -> None:
    """Take everything out of a cart."""
    with connection:
        connection.execute("DELETE FROM cart_lines WHERE session_id = ?", (session_id,))


def place(
    connection: sqlite3.Connection,
    user: User,
    cart: Cart,
    address: Address,
    delivery: Delivery,
    card: str,
    *,
    status: str = "processing",
) -> str:
    """Turn a cart into an order; the answer is its id."""
    with connection:
        cursor = connection.execute(
            "INSERT INTO orders (user_id, status, placed_at, recipient, street, postcode, city, delivery, card)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                user.id,
                status,
                time.time(),
                address.recipient,
                address.street,
                address.postcode,
                address.city,
                delivery.id,
                card,
            ),
        )
        connection.executemany(
            "INSERT INTO order_lines VALUES (?, ?, ?, ?)",
            [(cursor.lastrowid, line.product.id, line.quantity, line.cents) for line in cart.lines],
        )
    return f"A-{cursor.lastrowid}"


def await_payment(connection: sqlite3.Connection, payment: str, order_id: str, session_id: str) -> None:
    """An order is only paid when the provider says that this payment of its cart's session is confirmed."""
    with connection:
        connection.execute(
            "INSERT INTO unconfirmed_payments SELECT ?, number, ? FROM orders WHERE 'A-' || number = ?",
            (payment, session_id, order_id),
        )


def settle(connection: sqlite3.Connection, payment: str) -> None:
    """The payment is confirmed: its order goes on, and the cart is empty. An unknown payment changes nothing."""
    with connection:
        for row in connection.execute("SELECT * FROM unconfirmed_payments WHERE id = ?", (payment,)).fetchall():
            connection.execute(
                "UPDATE orders SET status = 'processing', placed_at = ? WHERE number = ?", (time.time(), row["number"])
            )
            connection.execute("DELETE FROM cart_lines WHERE session_id = ?", (row["session_id"],))
        connection.execute("DELETE FROM unconfirmed_payments WHERE id = ?", (payment,))


def withdraw(connection: sqlite3.Connection, payment: str) -> None:
    """The payment was refused: there was no order; the cart stays as it is."""
    with connection:
        connection.execute(
            "DELETE FROM orders WHERE number IN (SELECT number FROM unconfirmed_payments WHERE id = ?)", (payment,)
        )


def list_orders(connection: sqlite3.Connection, user: User) -> list[Order]:
    """The customer's orders, newest first."""
    rows = connection.execute("SELECT * FROM orders WHERE user_id = ? ORDER BY number DESC", (user.id,))
    return [_order(connection, row) for row in rows.fetchall()]


def find(connection: sqlite3.Connection, user: User, order_id: str) -> Order | None:
    """The customer's order with this id, or None; other people's orders are not found."""
    row = connection.execute(
        "SELECT * FROM orders WHERE user_id = ? AND 'A-' || number = ?", (user.id, order_id)
    ).fetchone()
    return None if row is None else _order(connection, row)


def cancel(connection: sqlite3.Connection, order: Order) -> None:
    """The customer does not want it any more."""
    with connection:
        connection.execute("UPDATE orders SET status = 'cancelled' WHERE number = ?", (order.number,))


def delete(connection: sqlite3.Connection, order: Order) -> None:
    """Forget an order."""
    with connection:
        connection.execute("DELETE FROM orders WHERE number = ?", (order.number,))


def finish_due(connection: sqlite3.Connection) -> None:
    """Make every order ready that has been in processing long enough."""
    with connection:
        connection.execute(
            "UPDATE orders SET status = 'ready' WHERE status = 'processing' AND placed_at <= ?",
            (time.time() - SECONDS_IN_PROCESSING,),
        )


def _order(connection: sqlite3.Connection, row: sqlite3.Row) -> Order:
    lines = connection.execute("SELECT * FROM order_lines WHERE number = ? ORDER BY rowid", (row["number"],))
    return Order(
        number=row["number"],
        status=row["status"],
        placed_at=datetime.fromtimestamp(row["placed_at"], UTC),
        address=Address(row["recipient"], row["street"], row["postcode"], row["city"]),
        delivery=DELIVERIES[row["delivery"]],
        card=row["card"],
        lines=tuple(Line(PRODUCTS[line["product"]], line["quantity"], line["cents"]) for line in lines),
    )
