"""The store: one way to the graph on either engine."""

from crm.graph.driver import Store


def test_what_was_written_is_read(db: Store) -> None:
    db.write("CREATE (a:Agency {id: $id, name: $name})", id="a1", name="Workforce Board")
    assert db.read("MATCH (a:Agency) RETURN a.id AS id, a.name AS name") == [{"id": "a1", "name": "Workforce Board"}]


def test_every_test_begins_with_an_empty_graph(db: Store) -> None:
    assert db.read("MATCH (a:Agency) RETURN count(a) AS agencies") == [{"agencies": 0}]
