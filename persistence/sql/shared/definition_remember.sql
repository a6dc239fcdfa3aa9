insert into definition (kind, version, fingerprint) values (:kind, :version, :fingerprint) on conflict do nothing
