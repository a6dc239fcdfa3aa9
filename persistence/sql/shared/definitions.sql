select kind, version, fingerprint from definition order by kind, version
