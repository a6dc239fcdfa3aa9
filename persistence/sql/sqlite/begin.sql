-- The write lock at once: a lock taken later could only fail.
begin immediate
