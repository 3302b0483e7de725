"""Public structure databases: their ids, addresses and files; never the scene, never Qt."""
